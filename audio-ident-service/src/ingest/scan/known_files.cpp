#include "ingest/scan/known_files.hpp"

#include <functional>

namespace audio_ident::ingest {

namespace {

std::uint64_t key(std::string_view path_text) {
    return std::hash<std::string_view>()(path_text);
}

}  // namespace

void KnownFiles::add(std::string_view path_text, std::int64_t size_bytes, std::int64_t modified_ns) {
    files_.insert_or_assign(key(path_text), Stamp{size_bytes, modified_ns});
}

bool KnownFiles::contains(std::string_view path_text, std::int64_t size_bytes, std::int64_t modified_ns) const {
    const auto found = files_.find(key(path_text));
    return found != files_.end() && found->second == Stamp{size_bytes, modified_ns};
}

}  // namespace audio_ident::ingest
