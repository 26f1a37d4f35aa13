#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace audio_ident::ingest {

/// The files that are indexed already, by path, size and time of modification: an ingest need not read them. Takes 24
/// bytes a file. Keeps a 64-bit hash of each path: an ingest misses a changed file only if the hash of its path
/// collides with that of another file with the same size and the same nanosecond of modification.
class KnownFiles {
  public:
    void add(std::string_view path_text, std::int64_t size_bytes, std::int64_t modified_ns);
    bool contains(std::string_view path_text, std::int64_t size_bytes, std::int64_t modified_ns) const;
    std::size_t size() const { return files_.size(); }

  private:
    struct Stamp {
        std::int64_t size_bytes = 0;
        std::int64_t modified_ns = 0;
        bool operator==(const Stamp&) const = default;
    };
    boost::unordered_flat_map<std::uint64_t, Stamp> files_;
};

}  // namespace audio_ident::ingest
