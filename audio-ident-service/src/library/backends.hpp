#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "audio/decoder.hpp"
#include "catalog/catalog.hpp"
#include "catalog/document_store.hpp"
#include "catalog/migrator.hpp"
#include "catalog/shared_lock.hpp"
#include "core/deadline.hpp"
#include "core/result.hpp"
#include "embedding/embedder.hpp"
#include "index/both_lanes/both_lanes_writer.hpp"
#include "index/fingerprint/reader.hpp"
#include "index/fingerprint/writer.hpp"
#include "index/vector/reader.hpp"
#include "index/vector/writer.hpp"
#include "library/changes.hpp"
#include "library/copy.hpp"
#include "library/search_threads.hpp"
#include "storage/audio_store.hpp"

// The back ends that StoredLibrary needs. Only app/ knows the concrete ones, and implements these interfaces.

namespace audio_ident::library {

/// The vectors of one space. Thread-safe.
class VectorStore {
  public:
    virtual ~VectorStore() = default;

    virtual index::VectorIndexReader& reader() = 0;
    virtual index::VectorIndexWriter& writer() = 0;
    /// Writes fingerprints and these vectors together.
    virtual index::BothLanesWriter& lanes() = 0;
    /// Starts to update in the background what makes searches among many vectors fast.
    virtual void keep_up_to_date() = 0;
};

/// The index of both lanes. Thread-safe.
class IndexStore {
  public:
    virtual ~IndexStore() = default;

    virtual index::FingerprintIndexReader& reader() = 0;
    virtual index::FingerprintIndexWriter& writer() = 0;
    /// The result refers to this object.
    virtual Result<std::unique_ptr<VectorStore>> vectors(const index::VectorSpace& space, const Deadline& deadline) = 0;
    /// The spaces that hold vectors.
    virtual Result<std::vector<index::VectorSpace>> vector_spaces(const Deadline& deadline) = 0;
    /// Removes a space with all its vectors. Does nothing when there is none.
    virtual Result<void> drop_vector_space(const std::string& name, const Deadline& deadline) = 0;

    /// What this process has of an index that is on a server.
    struct Cached {
        std::optional<std::uint64_t> generation = {};  ///< of the last snapshot
        std::uint64_t bytes = 0;                       ///< in its memory
        std::uint64_t copy_bytes = 0;                  ///< in the local copy
    };
    virtual Cached cached() { return {}; }
};

enum class Access { read_only, read_write };

/// Opens back ends. StoredLibrary calls each method when it first needs the back end, from one thread at a time. Every
/// method can fail with not_available, unsupported (another version) or corrupt; the message says what to do.
class Backends {
  public:
    virtual ~Backends() = default;

    /// False only for an embedded catalog that has not been made yet.
    virtual bool catalog_exists() const = 0;
    /// Makes an embedded catalog if there is none.
    virtual Result<std::unique_ptr<catalog::Catalog>> open_catalog(const Deadline& deadline) = 0;
    /// What the library has besides its tracks. The result lives as long as this object.
    virtual catalog::DocumentStore& documents() = 0;
    /// Neither opens the catalog nor upgrades it.
    virtual Result<std::unique_ptr<catalog::Migrator>> open_migrator() = 0;
    /// As Upkeep::copy(). The caller has the lock of this library.
    virtual Result<CopyReport> copy(const CopyRequest& request, const Turn& turn, CopyObserver& observer) = 0;

    /// The lock of a library that other machines share; nullptr when nobody but this one has it. Fails with
    /// not_available (another program has it: the message says which), timeout (a stop was requested).
    virtual Result<std::unique_ptr<catalog::SharedLock>> lock_shared(const std::string& purpose,
                                                                     catalog::SharedLock::Place place,
                                                                     const Deadline& deadline) {
        static_cast<void>(purpose), static_cast<void>(place), static_cast<void>(deadline);
        return nullptr;
    }

    /// With read_write, makes the index if there is none. Only one may be open at a time.
    virtual Result<std::unique_ptr<IndexStore>> open_index(Access access) = 0;
    /// The sound of stations in the last hours, an index of its own. With read_only, nullptr when no station was heard.
    virtual Result<std::unique_ptr<IndexStore>> open_stations(Access access) = 0;
    /// Removes the files of the index, whatever they contain. The index must not be open.
    virtual Result<void> erase_index() = 0;
    /// Removes the vectors of tracks, of every model, from a vector store that is separate from the fingerprint index.
    /// Empty when there is no such store.
    virtual std::function<Result<void>(std::span<const TrackId>, const Deadline&)> forget_vectors() const = 0;

    virtual Result<std::unique_ptr<embedding::Embedder>> open_embedder(const std::string& model) = 0;
    /// Where uploads are. The result lives as long as this object.
    virtual storage::AudioStore& audio() const = 0;
    /// Decodes uploads too, wherever they are. The result lives as long as this object.
    virtual const audio::Decoder& decoder() const = 0;
    /// The result lives as long as this object. The indexes that open_index() returns work on these threads.
    virtual SearchThreads& threads() = 0;
    /// Called before a change, with the lock of the data folder held. Fails when another program has replaced a store
    /// that this process has open.
    virtual Result<void> check_still_in_place() const { return {}; }
};

}  // namespace audio_ident::library
