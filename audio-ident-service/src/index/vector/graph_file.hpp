#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "core/result.hpp"
#include "core/track_id.hpp"
#include "index/vector/graph.hpp"
#include "util/mapped_file.hpp"

namespace audio_ident::index {

/// One track in a graph. The numbers of its chunks follow those of the track before.
struct GraphTrack {
    TrackId id;
    std::uint32_t chunks = 0;
    std::uint32_t reserved = 0;
    std::uint64_t signature = 0;  ///< of its vectors: it changes when they change

    bool operator==(const GraphTrack&) const = default;
};

/// A graph in a mapped file (docs/formats/vector-graph.md). The file is a cache, which may be thrown away. Callers must
/// check that its links name chunks. Thread-safe.
class GraphFile {
  public:
    /// nullptr when there is no file, or this program cannot use it: truncated, damaged at the head, another format.
    static std::unique_ptr<const GraphFile> open(const std::filesystem::path& path, unsigned dimension);

    std::span<const GraphTrack> tracks() const { return tracks_; }
    GraphLinks links() const { return {links_, kGraphLinks}; }
    /// Whether the links are undamaged. Reads all of them.
    bool whole() const;
    /// Whether the path still leads to this file.
    bool is(const std::filesystem::path& path) const { return file_->is(path); }

    /// Replaces the file, or fails and leaves the old one. `links` returns the links of a chunk. Fails with
    /// not_available.
    static Result<void> write(const std::filesystem::path& path, unsigned dimension, std::span<const GraphTrack> tracks,
                              const std::function<std::span<const std::uint32_t>(std::uint32_t chunk)>& links);

  private:
    GraphFile() = default;

    std::shared_ptr<const util::MappedFile> file_;
    std::uint64_t links_check_ = 0;
    std::span<const GraphTrack> tracks_;
    std::span<const std::uint32_t> links_;
};

/// A checksum that tells contents apart. It gives no protection against an adversary.
std::uint64_t check_number(std::span<const std::byte> bytes, std::uint64_t before = 0);

}  // namespace audio_ident::index
