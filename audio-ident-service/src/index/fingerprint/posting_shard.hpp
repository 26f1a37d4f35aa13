#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "fingerprint/landmark.hpp"
#include "index/fingerprint/elias_fano.hpp"

namespace audio_ident::index {

using fingerprint::Key;

inline constexpr std::uint32_t kGroupsPerSuper = 4;

/// One landmark in a segment: its key, and its frame on the segment's timeline, on which the tracks of the segment lie
/// end to end.
struct Posting {
    Key key = 0;
    std::uint32_t position = 0;

    auto operator<=>(const Posting&) const = default;
};

/// A shard: one segment's postings with keys in a range, as one block of bytes (docs/formats/fingerprint-index.md):
///
///     header | super offsets | group counts | lists | padding
///
/// The range is cut into groups of `keys_per_group` keys, chosen so that a group holds about 16 postings. A group is
/// one Elias-Fano list of (key - first key of the group) · frames + position. Group counts are 1, 2 or 4 bytes; a super
/// offset says where the lists of 4 groups begin, and the size of a list follows from its count. A look-up costs two or
/// three cache misses, and the directory costs 0.1 byte a posting.
struct EncodedShard {
    std::vector<std::byte> bytes;
    Key key_end = 0;           ///< the end of the keys that the shard holds
    std::size_t postings = 0;  ///< how many of the given postings it holds
};

/// Encodes as many of `postings` (sorted, keys in [key_begin, key_end), positions below `frames`) as fit into
/// `most_bytes`, but at least those of one key.
EncodedShard encode_posting_shard(Key key_begin, Key key_end, std::uint32_t frames, std::span<const Posting> postings,
                                  std::size_t most_bytes);

/// Reads a shard where it lies. The bytes must outlive the view.
class PostingShard {
  public:
    PostingShard() = default;
    /// `key_begin`, `key_end` and `frames` are those of the encoding. Throws Corrupt when a list does not
    /// lie inside `bytes`. A list that is damaged inside gives wrong postings, but none whose key or position is out of
    /// bounds.
    PostingShard(std::span<const std::byte> bytes, Key key_begin, Key key_end, std::uint32_t frames);

    Key key_begin() const { return key_begin_; }
    Key key_end() const { return key_end_; }

    /// Calls `visit(position)` for each posting with a key in [first, last]; the keys lie in the shard's range.
    template <typename Visit>
    void for_each_position(Key first, Key last, Visit&& visit) const;
    /// Calls `visit(Posting)` for all postings with keys in [begin, end), in order; the keys lie in the shard's range.
    template <typename Visit>
    void for_each(Key begin, Key end, Visit&& visit) const;
    /// Returns how many postings the groups of these keys hold: an upper bound of what for_each_position() visits.
    std::uint64_t count_bound(Key first, Key last) const;

  private:
    static std::uint32_t number(const std::byte* numbers, std::uint32_t width, std::size_t at) {
        if (width == 1) return static_cast<std::uint8_t>(numbers[at]);
        if (width == 2) {
            std::uint16_t n = 0;
            std::memcpy(&n, numbers + 2 * at, sizeof n);
            return n;
        }
        std::uint32_t n = 0;
        std::memcpy(&n, numbers + 4 * at, sizeof n);
        return n;
    }
    std::uint32_t count(std::uint32_t group) const { return number(counts_, count_width_, group); }
    const std::byte* list(std::uint32_t group) const {
        const std::uint32_t super = group / kGroupsPerSuper;
        const std::uint32_t offset = number(supers_, super_width_, super);
        const std::byte* at = lists_ + offset;
        for (std::uint32_t g = super * kGroupsPerSuper; g < group; ++g) at += elias_fano_bytes(count(g), universe_);
        return at;
    }

    // Moves `key_start` to the key that holds `value`; false when the list is not sorted, which means damage.
    bool advance(std::uint64_t& key_start, std::uint64_t value) const {
        if (value < key_start) return false;
        do key_start += frames_;
        while (value - key_start >= frames_);
        return true;
    }

    Key key_begin_ = 0;
    Key key_end_ = 0;
    std::uint32_t frames_ = 0;
    std::uint32_t keys_per_group_ = 1;
    std::uint32_t groups_ = 0;
    std::uint32_t count_width_ = 1;
    std::uint32_t super_width_ = 2;
    std::uint64_t universe_ = 0;
    const std::byte* supers_ = nullptr;
    const std::byte* counts_ = nullptr;
    const std::byte* lists_ = nullptr;
};

template <typename Visit>
void PostingShard::for_each_position(Key first, Key last, Visit&& visit) const {
    std::uint32_t group = (first - key_begin_) / keys_per_group_;
    const std::uint32_t last_group = (last - key_begin_) / keys_per_group_;
    const std::byte* at = list(group);
    for (;; ++group) {
        const std::uint64_t n = count(group);
        if (n != 0) {
            const Key base = key_begin_ + group * keys_per_group_;
            const std::uint64_t from = std::uint64_t{first > base ? first - base : 0} * frames_;
            const std::uint64_t to = std::uint64_t{std::min(last - base + 1, keys_per_group_)} * frames_;
            std::uint64_t key_start = from;
            elias_fano_for_each(at, n, universe_, from, to, [&](std::uint64_t value) {
                if (value - key_start >= frames_ && !advance(key_start, value)) return;
                visit(static_cast<std::uint32_t>(value - key_start));
            });
        }
        if (group == last_group) return;
        at += elias_fano_bytes(n, universe_);
    }
}

template <typename Visit>
void PostingShard::for_each(Key begin, Key end, Visit&& visit) const {
    if (begin >= end) return;
    std::uint32_t group = (begin - key_begin_) / keys_per_group_;
    const std::byte* at = list(group);
    for (Key base = key_begin_ + group * keys_per_group_; base < end; base += keys_per_group_, ++group) {
        const std::uint64_t n = count(group);
        const Key first = std::max(begin, base);
        const std::uint64_t from = std::uint64_t{first - base} * frames_;
        const std::uint64_t to = std::uint64_t{std::min(end - base, keys_per_group_)} * frames_;
        std::uint64_t key_start = from;
        Key key = first;
        elias_fano_for_each(at, n, universe_, from, to, [&](std::uint64_t value) {
            if (value - key_start >= frames_) {
                const std::uint64_t before = key_start;
                if (!advance(key_start, value)) return;
                key += static_cast<Key>((key_start - before) / frames_);
            }
            visit(Posting{key, static_cast<std::uint32_t>(value - key_start)});
        });
        at += elias_fano_bytes(n, universe_);
    }
}

}  // namespace audio_ident::index
