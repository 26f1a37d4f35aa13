#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "audio/decoder.hpp"
#include "catalog/catalog.hpp"
#include "catalog/migrator.hpp"
#include "core/deadline.hpp"
#include "core/result.hpp"
#include "embedding/embedder.hpp"
#include "index/both_lanes/both_lanes_writer.hpp"
#include "index/fingerprint/reader.hpp"
#include "index/fingerprint/writer.hpp"
#include "index/vector/reader.hpp"
#include "index/vector/writer.hpp"

// What StoredLibrary needs of the outside. app/ implements it, the only place that knows concrete back ends.

namespace audio_ident::library {

/// The vectors of one space. Thread-safe.
class VectorStore {
  public:
    virtual ~VectorStore() = default;

    virtual index::VectorIndexReader& reader() = 0;
    virtual index::VectorIndexWriter& writer() = 0;
    /// Writes fingerprints and these vectors together.
    virtual index::BothLanesWriter& lanes() = 0;
    /// From now on whatever makes searching many vectors fast is updated in the background.
    virtual void keep_up_to_date() = 0;
};

/// The index of both lanes. Thread-safe.
class IndexStore {
  public:
    virtual ~IndexStore() = default;

    virtual index::FingerprintIndexReader& reader() = 0;
    virtual index::FingerprintIndexWriter& writer() = 0;
    /// Refers to this object.
    virtual Result<std::unique_ptr<VectorStore>> vectors(const index::VectorSpace& space, const Deadline& deadline) = 0;
    /// The spaces that hold vectors.
    virtual Result<std::vector<index::VectorSpace>> vector_spaces(const Deadline& deadline) = 0;
    /// Removes a space with all its vectors. An absent one is fine.
    virtual Result<void> drop_vector_space(const std::string& name, const Deadline& deadline) = 0;
};

enum class Access { read_only, read_write };

/// Opens back ends; StoredLibrary asks for each when it is first needed, from one thread at a time. Each call fails
/// with not_available, unsupported (another version) or corrupt; the message says what to do.
class Backends {
  public:
    virtual ~Backends() = default;

    /// False only for a catalog of this program that is not there yet.
    virtual bool catalog_exists() const = 0;
    /// Makes an embedded catalog where there is none.
    virtual Result<std::unique_ptr<catalog::Catalog>> open_catalog(const Deadline& deadline) = 0;
    /// Neither opens the catalog nor upgrades it.
    virtual Result<std::unique_ptr<catalog::Migrator>> open_migrator() = 0;
    virtual Result<std::int64_t> copy_catalog(const std::string& from, const std::string& to,
                                              const Deadline& deadline) = 0;

    /// With read_write it is made where there is none. One is open at a time.
    virtual Result<std::unique_ptr<IndexStore>> open_index(Access access) = 0;
    /// Removes the index's files, whatever is in them. Nobody has it open.
    virtual Result<void> erase_index() = 0;
    /// Removes tracks from a vector store that knows nothing of the fingerprint index, whatever their model; empty:
    /// there is none.
    virtual std::function<Result<void>(std::span<const TrackId>, const Deadline&)> forget_vectors() const = 0;

    virtual Result<std::unique_ptr<embedding::Embedder>> open_embedder(const std::string& model) = 0;
    /// Lives as long as this.
    virtual const audio::Decoder& decoder() const = 0;
    /// Asked when the lock of the data folder is held, before a change. Fails when what this process has open is not
    /// what others see any more.
    virtual Result<void> check_still_in_place() const { return {}; }
};

}  // namespace audio_ident::library
