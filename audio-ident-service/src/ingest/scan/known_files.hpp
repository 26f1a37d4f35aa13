#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace audio_ident::ingest {

/// Which files, by path, size and time of modification, are indexed already and need not even be read. 24 bytes a file.
/// A path is kept as a 64-bit hash: for a changed file to be missed, its path must collide with another's whose size and
/// nanosecond of modification are the same too.
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
