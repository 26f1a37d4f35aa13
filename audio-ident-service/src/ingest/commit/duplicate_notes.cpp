#include "ingest/commit/duplicate_notes.hpp"

#include <fmt/format.h>
#include <iterator>
#include <sstream>
#include <string>

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

DuplicateNotes DuplicateNotes::load(catalog::DocumentStore& documents, const Deadline& deadline) {
    DuplicateNotes notes;
    const auto text = documents.find(kDocument, deadline);
    if (!text || !*text) return notes;
    std::istringstream in(**text);
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

Result<void> DuplicateNotes::save(catalog::DocumentStore& documents, const Deadline& deadline) const {
    if (!changed_) return {};
    std::string text(kHeader);
    text += '\n';
    for (const auto& [path, note] : notes_) {
        fmt::format_to(std::back_inserter(text), "{:016x} {} {} {}\n", path, note.size_bytes, note.modified_ns,
                       note.original_sha256);
    }
    // The notes only save time; without them an ingest examines the duplicates again.
    return documents.put({kDocument, std::move(text)}, catalog::Worth::can_be_made_again, deadline);
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
