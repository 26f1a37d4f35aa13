#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "audio/decoder.hpp"
#include "catalog/catalog.hpp"
#include "catalog/migrator.hpp"
#include "config/settings.hpp"
#include "core/result.hpp"
#include "embedding/embedder.hpp"
#include "index/fingerprint/reader.hpp"
#include "ingest/ingest.hpp"
#include "search/calibration.hpp"
#include "search/vibe_library.hpp"
#include "util/file_lock.hpp"

namespace audio_ident::cli {

enum class AnonymousWrites { refuse, allow };  ///< from other machines, without a key

struct ServeOptions {
    AnonymousWrites anonymous_writes = AnonymousWrites::refuse;
};

/// What the commands work with. app/ implements it, the only place that knows concrete backends. Each part is opened
/// when it is first asked for, so that `config` needs no database and `tracks list` no index; pointers and references
/// live as long as this object. For one thread, but what it returns is as thread-safe as its own header says.
class Services {
  public:
    virtual ~Services() = default;

    /// Stop is requested on SIGINT and SIGTERM.
    virtual std::stop_token stop_token() const = 0;
    /// For one call of a store: a minute, or a stop.
    Deadline deadline() const { return Deadline::after(std::chrono::minutes(1), stop_token()); }

    /// False before the first ingest: there is nothing to list or search.
    virtual bool library_exists() const = 0;
    virtual Result<catalog::Catalog*> catalog() = 0;
    /// Opens nothing and upgrades nothing by itself.
    virtual Result<catalog::Migrator*> migrator() = 0;
    /// Copies all tracks between two databases, sqlite://PATH or postgresql://…; returns how many. The second must have
    /// none (invalid_input). Nobody may write to the first meanwhile.
    virtual Result<std::int64_t> copy_catalog(const std::string& from, const std::string& to) = 0;
    virtual Result<index::FingerprintIndexReader*> fingerprints() = 0;
    /// The model that the vibe lane works with: the one that EMBEDDING_MODEL names, or the one before until `reembed` is
    /// through. Fails with not_available when the model or what runs it is not there.
    virtual Result<const embedding::Embedder*> embedder() = 0;
    /// The one that EMBEDDING_MODEL names. Fails likewise.
    virtual Result<const embedding::Embedder*> wanted_embedder() = 0;
    /// Puts the wanted model in service, once the library has its vectors; not_available while too few tracks do.
    virtual Result<void> change_embedder(const util::FileLock& lock) = 0;
    /// The library as the vibe lane searches it. Fails with not_available when the model or what runs it is not there.
    virtual Result<search::VibeLibrary*> vibe() = 0;
    /// What `doctor --calibrate` measured on this library; the default before. A damaged file is an error.
    virtual Result<search::Calibration> calibration() const = 0;
    /// nullopt forgets it.
    virtual Result<void> store_calibration(const std::optional<search::Calibration>& calibration) = 0;
    /// The lock that every change of the library needs; makes the data folder. Fails with not_available when another
    /// process holds it for longer than `wait` (the message says which).
    virtual Result<util::FileLock> lock(const std::string& purpose, std::chrono::seconds wait) = 0;
    /// Makes the stores where needed. With an embedder: for both lanes.
    virtual Result<ingest::Stores> open_for_writing(const util::FileLock& lock,
                                                    const embedding::Embedder* embedder = nullptr) = 0;
    /// For looking at both stores at once; nobody writes through it.
    virtual Result<ingest::Stores> open_for_comparing() = 0;
    /// Whether this process may write in the data folder, or make it.
    virtual Result<void> check_writable() const = 0;
    /// Removes the fingerprint index's files, whatever is in them; before anything opened the index.
    virtual Result<void> erase_fingerprints(const util::FileLock& lock) = 0;

    /// The HTTP service, until a stop. `listening` is called with its URL once it takes requests. Fails with
    /// not_available when a store cannot be reached or the port is taken, invalid_input when it would be open to others.
    virtual Result<void> serve(const ServeOptions& options,
                               const std::function<void(const std::string& url)>& listening) = 0;

    virtual const audio::Decoder& decoder() const = 0;
    virtual ingest::MakeAnalyzer make_analyzer(const embedding::Embedder* embedder = nullptr) const = 0;
    virtual ingest::ChromaprintFunctions chromaprint() const = 0;
    /// Where an ingest notes which files are duplicates.
    virtual std::filesystem::path duplicate_notes() const = 0;
    /// The audio formats that matter and whether this build decodes them.
    virtual std::vector<std::pair<std::string, bool>> formats() const = 0;
};

/// The program around the commands, handed to run() by app/.
struct Program {
    std::string version;
    std::vector<std::pair<std::string, std::string>> components;  ///< linked libraries and their versions
    std::function<std::unique_ptr<Services>(const config::Settings&)> open;
};

}  // namespace audio_ident::cli
