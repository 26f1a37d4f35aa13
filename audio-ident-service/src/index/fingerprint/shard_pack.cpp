#include "index/fingerprint/shard_pack.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <vector>

#include "util/atomic_file.hpp"

namespace audio_ident::index {

namespace fs = std::filesystem;

namespace {

constexpr std::array<char, 8> kMagic = {'a', 'i', 'd', 's', 'h', 'a', 'r', 'd'};
constexpr std::uint32_t kFormat = 1;

struct Head {
    std::array<char, 8> magic = kMagic;
    std::uint32_t format = kFormat;
    std::uint32_t shards = 0;
    std::uint64_t check = 0;
};

static_assert(sizeof(Head) == ShardPack::kHeadBytes && sizeof(ShardPack::Entry) == 32);

/// One word after the other changes a number, and no two values of a word change it in the same way. Four numbers take
/// turns, so that the processor does not wait for one: 7 GB a second on the machine of docs/scale.md, and CRC-32 of
/// zlib 2.6.
class CheckNumber {
  public:
    void add(Bytes bytes) {
        std::array<std::uint64_t, kLanes> words{};
        while (bytes.size() >= sizeof words) {
            std::memcpy(words.data(), bytes.data(), sizeof words);
            for (std::size_t i = 0; i < kLanes; ++i) lanes_[i] = mixed(lanes_[i], words[i]);
            bytes = bytes.subspan(sizeof words);
        }
        words = {};
        std::copy(bytes.begin(), bytes.end(), std::as_writable_bytes(std::span(words)).begin());
        for (std::size_t i = 0; i < kLanes; ++i) lanes_[i] = mixed(lanes_[i], words[i]);
        lanes_[0] = mixed(lanes_[0], bytes.size());
    }
    std::uint64_t number() const {
        std::uint64_t all = 0;
        for (const std::uint64_t lane : lanes_) all = mixed(all, lane);
        return all;
    }

  private:
    static constexpr std::size_t kLanes = 4;

    static std::uint64_t mixed(std::uint64_t number, std::uint64_t word) {
        number = (number ^ word) * 0x9e3779b97f4a7c15;
        return number ^ number >> 29;
    }

    std::array<std::uint64_t, kLanes> lanes_ = {1, 2, 3, 4};
};

std::uint64_t check_of(Bytes bytes) {
    CheckNumber check;
    check.add(bytes);
    return check.number();
}

std::uint64_t check_of(Head head, std::span<const ShardPack::Entry> entries) {
    head.check = 0;
    CheckNumber check;
    check.add(std::as_bytes(std::span(&head, 1)));
    check.add(std::as_bytes(entries));
    return check.number();
}

}  // namespace

std::shared_ptr<const ShardPack> ShardPack::open(const fs::path& path) {
    auto file = util::MappedFile::open(path);
    if (!file || file->bytes().size() < sizeof(Head)) return nullptr;
    const Bytes bytes = file->bytes();
    std::shared_ptr<ShardPack> pack(new ShardPack);
    pack->file_ = std::move(file);

    Head head;
    std::memcpy(&head, bytes.data(), sizeof head);
    if (head.magic != kMagic || head.format != kFormat) return nullptr;
    if (head.shards > (bytes.size() - sizeof head) / sizeof(Entry)) return nullptr;
    pack->entries_ = {reinterpret_cast<const Entry*>(bytes.data() + sizeof head), head.shards};
    if (head.check != check_of(head, pack->entries_)) return nullptr;
    std::size_t end = sizeof head + head.shards * sizeof(Entry);
    for (const Entry& entry : pack->entries_) {
        if (entry.size > bytes.size() - end) return nullptr;
        pack->begins_.push_back(end);
        end += entry.size;
    }
    if (end != bytes.size()) return nullptr;
    pack->file_->read_ahead();  // All of it is about to be used.
    return pack;
}

bool ShardPack::is_whole(std::size_t entry) const {
    return check_of(bytes(entry)) == entries_[entry].check;
}

std::uint64_t ShardPack::file_bytes(std::span<const Named> shards) {
    std::uint64_t total = sizeof(Head) + shards.size() * sizeof(Entry);
    for (const Named& shard : shards) total += shard.bytes.size();
    return total;
}

Result<void> ShardPack::write(const fs::path& path, std::span<const Named> shards) {
    auto file = util::AtomicFile::create(path, util::Durability::program_crash);
    if (!file) return forward(file);
    std::vector<Entry> entries;
    entries.reserve(shards.size());
    for (const Named& shard : shards) entries.push_back({shard.hash, shard.bytes.size(), check_of(shard.bytes)});
    Head head;
    head.shards = static_cast<std::uint32_t>(shards.size());
    head.check = check_of(head, entries);
    if (auto written = file->write(std::as_bytes(std::span(&head, 1))); !written) return written;
    if (auto written = file->write(std::as_bytes(std::span(entries))); !written) return written;
    for (const Named& shard : shards) {
        if (auto written = file->write(shard.bytes); !written) return written;
    }
    return file->commit();
}

}  // namespace audio_ident::index
