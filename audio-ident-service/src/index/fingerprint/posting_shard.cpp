#include "index/fingerprint/posting_shard.hpp"

#include <algorithm>
#include <limits>
#include <stdexcept>

#include "index/store/corrupt.hpp"

namespace audio_ident::index {

namespace {

constexpr std::uint64_t kPostingsPerGroup = 16;
constexpr std::uint64_t kBytesPerPosting = 2;  // a low guess, for the most postings that a shard may hold

struct Header {
    std::uint32_t keys_per_group;
    std::uint16_t count_width;  // bytes
    std::uint16_t super_width;  // bytes
};

constexpr std::size_t divide_up(std::size_t a, std::size_t b) {
    return (a + b - 1) / b;
}

std::size_t fixed_bytes(std::size_t groups, std::size_t count_width, std::size_t super_width) {
    return sizeof(Header) + super_width * divide_up(groups, kGroupsPerSuper) + count_width * groups + kEliasFanoPadding;
}

std::uint32_t super_width_of(std::size_t list_bytes) {
    return list_bytes < 65536 ? 2U : 4U;
}

std::uint32_t width_of(std::size_t count) {
    return count < 256 ? 1U : count < 65536 ? 2U : 4U;
}

std::size_t first_group_bytes(std::span<const Posting> postings, Key group_end, std::uint64_t universe) {
    const auto end = std::lower_bound(postings.begin(), postings.end(), Posting{group_end, 0});
    const auto count = static_cast<std::size_t>(end - postings.begin());
    const std::size_t bytes = elias_fano_bytes(count, universe);
    return fixed_bytes(1, width_of(count), super_width_of(bytes)) + bytes;
}

void write_number(std::byte* numbers, std::uint32_t width, std::size_t at, std::uint32_t value) {
    for (std::uint32_t i = 0; i < width; ++i) numbers[at * width + i] = std::byte(value >> (8 * i) & 255U);
}

/// Chooses the size of a group for the density of the postings that will probably fit.
std::uint32_t choose_keys_per_group(Key key_begin, Key key_end, std::uint32_t frames, std::span<const Posting> postings,
                                    std::size_t most_bytes) {
    const std::size_t likely = std::min(postings.size(), most_bytes / kBytesPerPosting + 1);
    const Key reach = likely < postings.size() ? postings[likely].key + 1 - key_begin : key_end - key_begin;
    const std::uint64_t wanted = kPostingsPerGroup * reach / std::max<std::uint64_t>(likely, 1);
    auto keys_per_group = static_cast<std::uint32_t>(std::clamp<std::uint64_t>(wanted, 1, key_end - key_begin));
    // Where many postings share few keys, groups get smaller, so that only a single key can make a shard too large.
    while (keys_per_group > 1 && first_group_bytes(postings, key_begin + keys_per_group,
                                                   std::uint64_t{keys_per_group} * frames) > most_bytes) {
        keys_per_group /= 2;
    }
    return keys_per_group;
}

/// The groups that fit into a shard.
struct Groups {
    std::uint32_t keys_per_group = 0;
    std::uint64_t universe = 0;  ///< of their lists
    std::vector<std::uint32_t> counts;
    std::uint32_t count_width = 1;
    std::size_t postings = 0;
    std::size_t list_bytes = 0;
};

Groups fill_groups(Key key_begin, Key key_end, std::uint32_t frames, std::span<const Posting> postings,
                   std::size_t most_bytes) {
    Groups groups;
    groups.keys_per_group = choose_keys_per_group(key_begin, key_end, frames, postings, most_bytes);
    groups.universe = std::uint64_t{groups.keys_per_group} * frames;
    for (Key group_end = key_begin; group_end < key_end;) {
        group_end += std::min(groups.keys_per_group, key_end - group_end);
        std::size_t end = groups.postings;
        while (end < postings.size() && postings[end].key < group_end) ++end;
        const auto count = static_cast<std::uint32_t>(end - groups.postings);
        const std::uint32_t width = std::max(groups.count_width, width_of(count));
        const std::size_t lists = groups.list_bytes + elias_fano_bytes(count, groups.universe);
        const std::size_t number = groups.counts.size() + 1;
        if (fixed_bytes(number, width, super_width_of(lists)) + lists > most_bytes && number > 1) break;
        groups.counts.push_back(count);
        groups.count_width = width;
        groups.list_bytes = lists;
        groups.postings = end;
    }
    if (groups.list_bytes > std::numeric_limits<std::uint32_t>::max())
        throw std::length_error("posting shard above 4 GiB");
    return groups;
}

}  // namespace

EncodedShard encode_posting_shard(Key key_begin, Key key_end, std::uint32_t frames, std::span<const Posting> postings,
                                  std::size_t most_bytes) {
    const Groups groups = fill_groups(key_begin, key_end, frames, postings, most_bytes);
    const std::size_t count = groups.counts.size();
    const std::uint32_t super_width = super_width_of(groups.list_bytes);
    const std::size_t counts_at = sizeof(Header) + super_width * divide_up(count, kGroupsPerSuper);
    const std::size_t lists_at = counts_at + groups.count_width * count;
    EncodedShard shard;
    shard.key_end =
        static_cast<Key>(std::min<std::uint64_t>(key_end, key_begin + std::uint64_t{groups.keys_per_group} * count));
    shard.postings = groups.postings;
    shard.bytes.resize(lists_at + groups.list_bytes + kEliasFanoPadding);
    std::byte* const bytes = shard.bytes.data();
    const Header header{groups.keys_per_group, static_cast<std::uint16_t>(groups.count_width),
                        static_cast<std::uint16_t>(super_width)};
    std::memcpy(bytes, &header, sizeof header);

    std::vector<std::uint64_t> values;
    std::uint32_t offset = 0;
    std::size_t next = 0;
    for (std::size_t group = 0; group < count; ++group) {
        if (group % kGroupsPerSuper == 0) {
            write_number(bytes + sizeof header, super_width, group / kGroupsPerSuper, offset);
        }
        write_number(bytes + counts_at, groups.count_width, group, groups.counts[group]);
        const Key base = key_begin + static_cast<Key>(group) * groups.keys_per_group;
        values.clear();
        for (std::uint32_t i = 0; i < groups.counts[group]; ++i, ++next) {
            values.push_back(std::uint64_t{postings[next].key - base} * frames + postings[next].position);
        }
        elias_fano_encode(values, groups.universe, bytes + lists_at + offset);
        offset += static_cast<std::uint32_t>(elias_fano_bytes(groups.counts[group], groups.universe));
    }
    return shard;
}

PostingShard::PostingShard(std::span<const std::byte> bytes, Key key_begin, Key key_end, std::uint32_t frames)
    : key_begin_(key_begin), key_end_(key_end), frames_(frames) {
    Header header{};
    if (bytes.size() < sizeof header) throw Corrupt("posting shard: cut off");
    std::memcpy(&header, bytes.data(), sizeof header);
    if (key_begin >= key_end || header.keys_per_group == 0 || header.keys_per_group > key_end - key_begin ||
        (header.count_width != 1 && header.count_width != 2 && header.count_width != 4) ||
        (header.super_width != 2 && header.super_width != 4)) {
        throw Corrupt("posting shard: damaged header");
    }
    keys_per_group_ = header.keys_per_group;
    count_width_ = header.count_width;
    super_width_ = header.super_width;
    groups_ = static_cast<std::uint32_t>(divide_up(key_end - key_begin, keys_per_group_));
    universe_ = std::uint64_t{keys_per_group_} * frames_;
    const std::size_t fixed = fixed_bytes(groups_, count_width_, super_width_);
    if (fixed > bytes.size()) throw Corrupt("posting shard: cut off");
    supers_ = bytes.data() + sizeof header;
    counts_ = supers_ + super_width_ * divide_up(groups_, kGroupsPerSuper);
    lists_ = counts_ + std::size_t{count_width_} * groups_;
    // Each super offset must be where the lists before it end: then every list lies inside.
    std::size_t offset = 0;
    for (std::uint32_t group = 0; group < groups_; ++group) {
        if (group % kGroupsPerSuper == 0) {
            if (number(supers_, super_width_, group / kGroupsPerSuper) != offset)
                throw Corrupt("posting shard: damaged directory");
        }
        offset += elias_fano_bytes(count(group), universe_);
    }
    if (offset != bytes.size() - fixed) throw Corrupt("posting shard: lists do not fit");
}

std::uint64_t PostingShard::count_bound(Key first, Key last) const {
    std::uint64_t total = 0;
    for (std::uint32_t group = (first - key_begin_) / keys_per_group_; group <= (last - key_begin_) / keys_per_group_;
         ++group) {
        total += count(group);
    }
    return total;
}

}  // namespace audio_ident::index
