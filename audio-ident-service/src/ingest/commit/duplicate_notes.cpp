#include "ingest/commit/duplicate_notes.hpp"

#include <fmt/format.h>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>

#include "util/atomic_file.hpp"

namespace audio_ident::ingest {

namespace {

constexpr std::string_view kHeader = "audio-ident duplicates 2";

/// FNV-1a, 64 bits (the standard library's hash may differ from one build to the next).
std::uint64_t key(std::string_view path_text) {
    std::uint64_t hash = 0xCBF29CE484222325ULL;
    for (const char c : path_text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3ULL;
    return hash;
}

}  // namespace

DuplicateNotes DuplicateNotes::load(const std::filesystem::path& file) {
    DuplicateNotes notes;
    std::ifstream in(file);
    std::string line;
    if (!std::getline(in, line) || line != kHeader) return notes;
    while (std::getline(in, line)) {
        std::istringstream fields(line);
        std::uint64_t path = 0;
        Note note;
        fields >> std::hex >> path >> std::dec >> note.size_bytes >> note.modified_ns >> note.original_sha256;
        if (fields) notes.notes_[path] = std::move(note);
    }
    return notes;
}

Result<void> DuplicateNotes::save(const std::filesystem::path& file) const {
    if (!changed_) return {};
    std::string text(kHeader);
    text += '\n';
    for (const auto& [path, note] : notes_) {
        fmt::format_to(std::back_inserter(text), "{:016x} {} {} {}\n", path, note.size_bytes, note.modified_ns,
                       note.original_sha256);
    }
    // The notes only save time; without them an ingest examines the duplicates again.
    return util::replace_file(file, text, util::Durability::program_crash);
}

std::optional<std::string> DuplicateNotes::original_of(std::string_view path_text, const FileStatus& status) const {
    const auto found = notes_.find(key(path_text));
    if (found == notes_.end() || found->second.size_bytes != status.size_bytes ||
        found->second.modified_ns != status.modified_ns) {
        return std::nullopt;
    }
    return found->second.original_sha256;
}

void DuplicateNotes::note(std::string_view path_text, const FileStatus& status, const std::string& original_sha256) {
    notes_[key(path_text)] = {status.size_bytes, status.modified_ns, original_sha256};
    changed_ = true;
}

}  // namespace audio_ident::ingest
