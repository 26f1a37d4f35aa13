#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/deadline.hpp"
#include "core/result.hpp"

namespace audio_ident::catalog {

/// A small text or record that belongs to a library and is replaced as a whole.
struct Document {
    std::string name;  ///< parts of letters, digits, '-', '_' and '.', with '/' between them: "jobs/<id>.json"
    std::string content;
};

/// What a document survives as soon as it has been stored.
enum class Worth {
    can_be_made_again,  ///< the end of the program; its readers notice damage
    unique              ///< a power cut too
};

/// The port for what a library has besides its tracks: files of its data folder, or rows of the database that several
/// services share. Every method can fail with not_available and timeout, and with unsupported when the database's
/// schema is too old. Thread-safe, also between processes.
class DocumentStore {
  public:
    virtual ~DocumentStore() = default;

    /// Where a document is, for messages; without secrets.
    virtual std::string location(std::string_view name) const = 0;
    /// nullopt when there is no such document.
    virtual Result<std::optional<std::string>> find(const std::string& name, const Deadline& deadline) = 0;
    /// The documents of a folder and those of its folders, ordered by name.
    virtual Result<std::vector<std::string>> names(const std::string& folder, const Deadline& deadline) = 0;
    /// The documents of a folder, but not those of its folders, ordered by name.
    virtual Result<std::vector<Document>> in_folder(const std::string& folder, const Deadline& deadline) = 0;
    /// Adds each document or replaces it in one step. When one of several fails, the others may be stored.
    virtual Result<void> put(std::span<const Document> documents, Worth worth, const Deadline& deadline) = 0;
    /// Returns false when there is no such document.
    virtual Result<bool> remove(const std::string& name, const Deadline& deadline) = 0;
    /// For each name a text that is another one after the document was replaced; empty while there is none.
    virtual Result<std::vector<std::string>> stamps(std::span<const std::string> names, const Deadline& deadline) = 0;

    Result<void> put(const Document& document, Worth worth, const Deadline& deadline) {
        return put(std::span(&document, 1), worth, deadline);
    }
};

}  // namespace audio_ident::catalog
