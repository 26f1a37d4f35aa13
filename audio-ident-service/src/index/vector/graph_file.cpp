#include "index/vector/graph_file.hpp"

#include <algorithm>
#include <array>
#include <cstring>

#include "util/atomic_file.hpp"

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
    std::uint64_t check = 0;  ///< of the numbers above, and of the tracks
};

static_assert(sizeof(Head) % alignof(GraphTrack) == 0 && sizeof(GraphTrack) == 32);

std::uint64_t head_check(Head head, std::span<const GraphTrack> tracks) {
    head.check = 0;
    return check_number(std::as_bytes(tracks), check_number(std::as_bytes(std::span(&head, 1))));
}

Result<void> write_graph(util::AtomicFile& file, Head head, std::span<const GraphTrack> tracks,
                         const std::function<std::span<const std::uint32_t>(std::uint32_t)>& links) {
    constexpr std::size_t kAtOnce = 8192;  // chunks
    if (auto written = file.write(std::as_bytes(std::span(&head, 1))); !written) return written;
    if (auto written = file.write(std::as_bytes(tracks)); !written) return written;
    std::vector<std::uint32_t> some;
    for (std::uint32_t chunk = 0; chunk < head.chunks; ++chunk) {
        const auto places = links(chunk);
        some.insert(some.end(), places.begin(), places.end());
        if (some.size() < kAtOnce * kGraphLinks && chunk + 1 < head.chunks) continue;
        head.links_check = check_number(std::as_bytes(std::span(some)), head.links_check);
        if (auto written = file.write(std::as_bytes(std::span(some))); !written) return written;
        some.clear();
    }
    head.check = head_check(head, tracks);
    if (auto written = file.overwrite(0, std::as_bytes(std::span(&head, 1))); !written) return written;
    return file.commit();
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
    auto mapped = util::MappedFile::open(path);
    if (!mapped || mapped->bytes().size() < sizeof(Head)) return nullptr;
    const auto bytes = mapped->bytes();
    std::unique_ptr<GraphFile> file(new GraphFile);
    file->file_ = std::move(mapped);

    Head head;
    std::memcpy(&head, bytes.data(), sizeof head);
    if (head.magic != kMagic || head.format != kFormat || head.dimension != dimension) return nullptr;
    const std::uint64_t left = bytes.size() - sizeof head;
    constexpr std::uint64_t kChunkBytes = kGraphLinks * sizeof(std::uint32_t);
    if (head.tracks > left / sizeof(GraphTrack) || head.chunks >= kNoChunk || head.chunks > left / kChunkBytes ||
        head.tracks * sizeof(GraphTrack) + head.chunks * kChunkBytes != left) {
        return nullptr;
    }
    const auto* tracks = reinterpret_cast<const GraphTrack*>(bytes.data() + sizeof head);
    file->tracks_ = {tracks, head.tracks};
    file->links_ = {reinterpret_cast<const std::uint32_t*>(tracks + head.tracks), head.chunks * kGraphLinks};
    file->links_check_ = head.links_check;
    if (head.check != head_check(head, file->tracks_)) return nullptr;
    std::uint64_t chunks = 0;
    for (const GraphTrack& track : file->tracks_) chunks += track.chunks;
    if (chunks != head.chunks) return nullptr;
    return file;
}

bool GraphFile::whole() const {
    return check_number(std::as_bytes(links_)) == links_check_;
}

Result<void> GraphFile::write(const fs::path& path, unsigned dimension, std::span<const GraphTrack> tracks,
                              const std::function<std::span<const std::uint32_t>(std::uint32_t)>& links) {
    Head head;
    head.dimension = dimension;
    head.tracks = tracks.size();
    for (const GraphTrack& track : tracks) head.chunks += track.chunks;
    // A search does not read all of a graph, so it would not notice a damaged one.
    auto file = util::AtomicFile::create(path, util::Durability::power_cut);
    auto done = file ? write_graph(*file, head, tracks, links) : Result<void>(forward(file));
    if (!done) return fail(done.error().kind, "{}; searches continue without the graph", done.error().message);
    return done;
}

}  // namespace audio_ident::index
