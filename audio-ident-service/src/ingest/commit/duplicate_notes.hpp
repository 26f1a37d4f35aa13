#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "catalog/document_store.hpp"
#include "core/result.hpp"
#include "ingest/scan/file_status.hpp"

namespace audio_ident::ingest {

/// Notes which files are duplicates, and of which content, so that the next ingest need not read or decode them again.
/// Duplicates have no row in the catalog; the notes are in a document beside it. They only save time: without them an
/// ingest has the same result.
///
///     audio-ident duplicates 2
///     <path as 16 hexadecimal digits of FNV-1a> <bytes> <ns of modification> <original's SHA-256>    one line a file
class DuplicateNotes {
  public:
    /// The document that holds the notes.
    static constexpr const char* kDocument = "duplicates";

    /// Loads nothing when there is no such document, or it cannot be read, or has another version.
    static DuplicateNotes load(catalog::DocumentStore& documents, const Deadline& deadline);
    /// Replaces the document, if something was noted since load(). Fails as DocumentStore does.
    Result<void> save(catalog::DocumentStore& documents, const Deadline& deadline) const;

    /// Thread-safe while nobody changes the notes.
    std::optional<std::string> original_of(std::string_view path_text, const FileStatus& status) const;
    void note(std::string_view path_text, const FileStatus& status, const std::string& original_sha256);

    std::size_t size() const { return notes_.size(); }

  private:
    struct Note {
        std::int64_t size_bytes = 0;
        std::int64_t modified_ns = 0;
        std::string original_sha256;
    };
    std::map<std::uint64_t, Note> notes_;
    bool changed_ = false;
};

}  // namespace audio_ident::ingest
