#include "lib/lmdb/data_file.hpp"

#include <algorithm>
#include <bit>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <cstring>
#include <fcntl.h>
#include <optional>
#include <sys/file.h>
#include <sys/stat.h>
#include <system_error>
#include <thread>
#include <tuple>
#include <unistd.h>
#include <vector>

namespace audio_ident::lmdb {

namespace {

// The parts of LMDB's data format 1 on 64-bit machines that are needed here.
static_assert(sizeof(std::size_t) == 8);
constexpr std::uint32_t kMagic = 0xBEEFC0DE;
constexpr std::uint16_t kBranch = 1;
constexpr std::uint16_t kLeaf = 2;
constexpr std::uint16_t kBigData = 1;
constexpr std::uint64_t kNoPage = ~std::uint64_t{0};
constexpr std::size_t kPageHeader = 16;
constexpr std::size_t kNodeHeader = 8;

struct TableRecord {
    std::uint32_t page_size;  // Used only in the table of free pages.
    std::uint16_t flags;
    std::uint16_t depth;
    std::uint64_t branch_pages, leaf_pages, overflow_pages, entries, root;
};
struct Meta {
    std::uint32_t magic;
    std::uint32_t version;
    std::uint64_t address;
    std::uint64_t map_size;
    TableRecord free_pages;
    TableRecord main;
    std::uint64_t last_page;
    std::uint64_t transaction;
};
static_assert(sizeof(Meta) == 136);

class File {
  public:
    explicit File(int fd) : fd_(fd) {}
    ~File() { ::close(fd_); }
    File(const File&) = delete;
    File& operator=(const File&) = delete;

    std::uint64_t size() const {
        struct stat status {};
        if (::fstat(fd_, &status) != 0) throw std::system_error(errno, std::generic_category());
        return static_cast<std::uint64_t>(status.st_size);
    }
    // Returns false when the file ends earlier.
    bool read(std::uint64_t at, void* out, std::size_t size) const {
        const ssize_t got = ::pread(fd_, out, size, static_cast<off_t>(at));
        if (got < 0) throw std::system_error(errno, std::generic_category());
        return static_cast<std::size_t>(got) == size;
    }

  private:
    int fd_;
};

template <typename T>
T load(const std::vector<std::byte>& bytes, std::size_t at) {
    T value{};
    std::memcpy(&value, bytes.data() + at, sizeof value);
    return value;
}

// Collects the free pages from `first` on.
class FreePages {
  public:
    FreePages(const File& file, const Meta& meta, std::uint64_t first)
        : file_(file), page_size_(meta.free_pages.page_size), first_(first), free_(meta.last_page + 1 - first) {}

    // Returns false when the list itself is damaged or on missing pages.
    bool read(std::uint64_t root, int depth = 0) {
        if (root == kNoPage) return true;
        if (depth > 32) return false;
        std::vector<std::byte> page(page_size_);
        if (!file_.read(root * page_size_, page.data(), page.size())) return false;
        const auto flags = load<std::uint16_t>(page, 10);
        const auto nodes_end = load<std::uint16_t>(page, 12);
        if (load<std::uint64_t>(page, 0) != root || (flags & (kBranch | kLeaf)) == 0 || nodes_end < kPageHeader ||
            nodes_end > page.size()) {
            return false;
        }
        for (std::size_t at = kPageHeader; at + 2 <= nodes_end; at += 2) {
            const std::size_t node = load<std::uint16_t>(page, at);
            if (node + kNodeHeader > page.size()) return false;
            const bool fine = (flags & kBranch) != 0 ? read(child(page, node), depth + 1) : read_leaf(page, node);
            if (!fine) return false;
        }
        return true;
    }

    bool all() const { return std::find(free_.begin(), free_.end(), false) == free_.end(); }

  private:
    static std::uint64_t child(const std::vector<std::byte>& page, std::size_t node) {
        return load<std::uint32_t>(page, node) | std::uint64_t{load<std::uint16_t>(page, node + 4)} << 32;
    }

    bool read_leaf(const std::vector<std::byte>& page, std::size_t node) {
        const auto size = load<std::uint32_t>(page, node);
        const auto flags = load<std::uint16_t>(page, node + 4);
        const std::size_t data = node + kNodeHeader + load<std::uint16_t>(page, node + 6);
        std::vector<std::uint64_t> list(size / 8);
        if ((flags & kBigData) != 0) {
            if (data + 8 > page.size()) return false;
            const std::uint64_t at = load<std::uint64_t>(page, data) * page_size_ + kPageHeader;
            if (!file_.read(at, list.data(), list.size() * 8)) return false;
        } else {
            if (data + size > page.size()) return false;
            std::memcpy(list.data(), page.data() + data, list.size() * 8);
        }
        if (list.empty() || list[0] >= list.size()) return false;
        for (std::size_t i = 1; i <= list[0]; ++i) {
            if (list[i] >= first_ && list[i] - first_ < free_.size()) free_[list[i] - first_] = true;
        }
        return true;
    }

    const File& file_;
    std::size_t page_size_;
    std::uint64_t first_;
    std::vector<bool> free_;
};

std::optional<Meta> read_meta(const File& file, std::uint64_t page_at) {
    Meta meta{};
    if (!file.read(page_at + kPageHeader, &meta, sizeof meta) || meta.magic != kMagic) return std::nullopt;
    return meta;
}

// The newer of the two meta pages; nullopt when the file is not an LMDB file.
std::optional<Meta> latest_meta(const File& file) {
    auto meta = read_meta(file, 0);
    if (!meta) return std::nullopt;
    const auto other = read_meta(file, meta->free_pages.page_size);
    return other && other->transaction > meta->transaction ? other : meta;
}

bool has_page_size(const Meta& meta) {
    const std::uint32_t page_size = meta.free_pages.page_size;
    return std::has_single_bit(page_size) && page_size >= 256 && page_size <= 65536;
}

bool is_whole(const File& file, const Meta& meta) {
    if (!has_page_size(meta)) return false;
    const std::uint64_t page_size = meta.free_pages.page_size;
    if (meta.last_page >= meta.map_size / page_size) return false;
    const std::uint64_t pages = file.size() / page_size;
    if (pages > meta.last_page) return true;
    FreePages free(file, meta, pages);
    return free.read(meta.free_pages.root) && free.all();
}

/// -1 when there is no such file.
int open_file(const std::filesystem::path& path) {
    const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (fd < 0 && errno != ENOENT && errno != ENOTDIR) throw std::system_error(errno, std::generic_category());
    return fd;
}

}  // namespace

bool data_file_is_whole(const std::filesystem::path& path) {
    const int fd = open_file(path);
    if (fd < 0) return true;
    const File file(fd);
    for (;;) {
        const auto meta = latest_meta(file);
        if (!meta || is_whole(file, *meta)) return true;
        // Another process may have written in between. The list of free pages would then mix two states.
        const auto now = latest_meta(file);
        if (now && now->transaction == meta->transaction) return false;
    }
}

bool data_file_is_unused(const std::filesystem::path& path) try {
    const int fd = open_file(path);
    if (fd < 0) return true;
    const File file(fd);
    if (file.size() == 0) return true;
    const auto meta = read_meta(file, 0);
    return meta && has_page_size(*meta) && meta->transaction == 0 &&
           file.size() < std::uint64_t{2} * meta->free_pages.page_size;
} catch (const std::system_error&) {
    return false;
}

RemadeDataFile::RemadeDataFile(const std::filesystem::path& file) {
    // Whoever writes the two pages at this moment needs far less.
    constexpr auto kMakingTakes = std::chrono::milliseconds(100);
    std::error_code missing;
    const auto is_half_made = [&] {
        return std::filesystem::file_size(file, missing) > 0 && data_file_is_unused(file);
    };
    if (!is_half_made() || missing) return;
    locked_ = util::Descriptor(::open(file.c_str(), O_RDWR | O_CLOEXEC));
    while (locked_ && ::flock(locked_.get(), LOCK_EX) != 0 && errno == EINTR) continue;
    std::this_thread::sleep_for(kMakingTakes);
    // When it cannot be emptied, opening it says that it is damaged.
    if (locked_ && is_half_made()) std::ignore = ::ftruncate(locked_.get(), 0);
}

}  // namespace audio_ident::lmdb
