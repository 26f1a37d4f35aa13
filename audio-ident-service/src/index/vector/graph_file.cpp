#include "index/vector/graph_file.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace audio_ident::index {

namespace fs = std::filesystem;

namespace {

constexpr std::array<char, 8> kMagic = {'a', 'i', 'd', 'g', 'r', 'a', 'p', 'h'};
constexpr std::uint32_t kFormat = 1;

struct Head {
    std::array<char, 8> magic = kMagic;
    std::uint32_t format = kFormat;
    std::uint32_t dimension = 0;
    std::uint64_t tracks = 0;
    std::uint64_t chunks = 0;
    std::uint64_t links_check = 0;
    std::uint64_t check = 0;  ///< of what stands above, and of the tracks
};

static_assert(sizeof(Head) % alignof(GraphTrack) == 0 && sizeof(GraphTrack) == 32);

std::uint64_t head_check(Head head, std::span<const GraphTrack> tracks) {
    head.check = 0;
    return check_number(std::as_bytes(tracks), check_number(std::as_bytes(std::span(&head, 1))));
}

struct Descriptor {
    explicit Descriptor(int n) : number(n) {}
    ~Descriptor() {
        if (number >= 0) ::close(number);
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    int number;
};

bool write_all(int descriptor, std::span<const std::byte> bytes) {
    while (!bytes.empty()) {
        const auto written = ::write(descriptor, bytes.data(), bytes.size());
        if (written < 0) {
            if (errno == EINTR) continue;
            return false;
        }
        bytes = bytes.subspan(static_cast<std::size_t>(written));
    }
    return true;
}

bool write_graph(int descriptor, Head head, std::span<const GraphTrack> tracks,
                 const std::function<std::span<const std::uint32_t>(std::uint32_t)>& links) {
    constexpr std::size_t kAtOnce = 8192;  // chunks
    if (!write_all(descriptor, std::as_bytes(std::span(&head, 1))) || !write_all(descriptor, std::as_bytes(tracks)))
        return false;
    std::vector<std::uint32_t> some;
    for (std::uint32_t chunk = 0; chunk < head.chunks; ++chunk) {
        const auto places = links(chunk);
        some.insert(some.end(), places.begin(), places.end());
        if (some.size() < kAtOnce * kGraphLinks && chunk + 1 < head.chunks) continue;
        head.links_check = check_number(std::as_bytes(std::span(some)), head.links_check);
        if (!write_all(descriptor, std::as_bytes(std::span(some)))) return false;
        some.clear();
    }
    head.check = head_check(head, tracks);
    return ::lseek(descriptor, 0, SEEK_SET) == 0 && write_all(descriptor, std::as_bytes(std::span(&head, 1))) &&
           ::fsync(descriptor) == 0;
}

}  // namespace

std::uint64_t check_number(std::span<const std::byte> bytes, std::uint64_t before) {
    constexpr std::uint64_t kFactor = 0x9e3779b97f4a7c15;
    std::uint64_t number = before;
    while (!bytes.empty()) {
        std::uint64_t word = 0;
        const std::size_t size = std::min(bytes.size(), sizeof word);
        std::memcpy(&word, bytes.data(), size);
        number = (number ^ word) * kFactor;
        number ^= number >> 29;
        bytes = bytes.subspan(size);
    }
    return number;
}

std::unique_ptr<const GraphFile> GraphFile::open(const fs::path& path, unsigned dimension) {
    const Descriptor descriptor(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    struct stat status {};
    if (descriptor.number < 0 || ::fstat(descriptor.number, &status) != 0) return nullptr;
    const auto size = static_cast<std::uint64_t>(status.st_size);
    if (size < sizeof(Head)) return nullptr;
    void* map = ::mmap(nullptr, size, PROT_READ, MAP_SHARED, descriptor.number, 0);
    if (map == MAP_FAILED) return nullptr;
    std::unique_ptr<GraphFile> file(new GraphFile);
    file->map_ = map;
    file->bytes_ = size;
    file->device_ = status.st_dev;
    file->inode_ = status.st_ino;

    Head head;
    std::memcpy(&head, map, sizeof head);
    if (head.magic != kMagic || head.format != kFormat || head.dimension != dimension) return nullptr;
    const std::uint64_t left = size - sizeof head;
    constexpr std::uint64_t kChunkBytes = kGraphLinks * sizeof(std::uint32_t);
    if (head.tracks > left / sizeof(GraphTrack) || head.chunks >= kNoChunk || head.chunks > left / kChunkBytes ||
        head.tracks * sizeof(GraphTrack) + head.chunks * kChunkBytes != left) {
        return nullptr;
    }
    const auto* tracks = reinterpret_cast<const GraphTrack*>(static_cast<const std::byte*>(map) + sizeof head);
    file->tracks_ = {tracks, head.tracks};
    file->links_ = {reinterpret_cast<const std::uint32_t*>(tracks + head.tracks), head.chunks * kGraphLinks};
    file->links_check_ = head.links_check;
    if (head.check != head_check(head, file->tracks_)) return nullptr;
    std::uint64_t chunks = 0;
    for (const GraphTrack& track : file->tracks_) chunks += track.chunks;
    if (chunks != head.chunks) return nullptr;
    return file;
}

GraphFile::~GraphFile() {
    if (map_ != nullptr) ::munmap(map_, bytes_);
}

bool GraphFile::whole() const {
    return check_number(std::as_bytes(links_)) == links_check_;
}

bool GraphFile::is(const fs::path& path) const {
    struct stat status {};
    return ::stat(path.c_str(), &status) == 0 && status.st_dev == device_ && status.st_ino == inode_;
}

Result<void> GraphFile::write(const fs::path& path, unsigned dimension, std::span<const GraphTrack> tracks,
                              const std::function<std::span<const std::uint32_t>(std::uint32_t)>& links) {
    fs::path fresh = path;
    fresh += ".new";
    Head head;
    head.dimension = dimension;
    head.tracks = tracks.size();
    for (const GraphTrack& track : tracks) head.chunks += track.chunks;
    int code = 0;
    {
        const Descriptor descriptor(::open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644));
        if (descriptor.number < 0 || !write_graph(descriptor.number, head, tracks, links)) code = errno;
    }
    if (code == 0 && ::rename(fresh.c_str(), path.c_str()) == 0) return {};
    if (code == 0) code = errno;
    ::unlink(fresh.c_str());
    return fail(ErrorKind::not_available, "cannot write {}: {}; searches go on without it", path.string(),
                std::error_code(code, std::generic_category()).message());
}

}  // namespace audio_ident::index
