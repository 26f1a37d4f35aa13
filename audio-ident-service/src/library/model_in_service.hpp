#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "catalog/document_store.hpp"
#include "core/result.hpp"
#include "embedding/embedder.hpp"
#include "index/vector/track_vectors.hpp"

namespace audio_ident::library {

/// Knows which model the vibe lane uses: the one that EMBEDDING_MODEL names or, after a change of that setting, the
/// former one until `reembed` has given the library vectors of the new one. A document names the model. Not
/// thread-safe.
class ModelInService {
  public:
    /// The document that names the model.
    static constexpr const char* kDocument = "vibe.json";
    struct Record {
        std::string model;
        index::VectorSpace space;
        std::uint64_t generation = 0;  ///< rises with each change

        bool operator==(const Record&) const = default;
    };
    using Open = std::function<Result<std::unique_ptr<embedding::Embedder>>(const std::string& model)>;
    using CountTracks = std::function<Result<std::uint64_t>(const index::VectorSpace&)>;

    /// `documents` outlives it.
    ModelInService(catalog::DocumentStore& documents, std::string wanted, Open open)
        : documents_(documents), wanted_(std::move(wanted)), open_(std::move(open)) {}

    /// The wanted model also when the former one cannot be opened or has another version now. Fails like Open, and like
    /// DocumentStore.
    Result<const embedding::Embedder*> now();
    /// The model that EMBEDDING_MODEL names.
    Result<const embedding::Embedder*> wanted();
    /// Forgets what now() found, and destroys the embedder that it returned.
    void look_again() { former_.reset(); }

    /// nullopt before the first model, and when the document is damaged. Fails like DocumentStore.
    Result<std::optional<Record>> record() const;
    /// Records the model, unless a model is recorded already.
    Result<void> begin(const embedding::Model& model) const;
    /// Puts a model in service when it has vectors of at least nine in ten of the tracks that the former model has.
    /// Some may be missing because their files cannot be read. Fails with not_available when it has fewer, and like the
    /// counting.
    Result<void> change_to(const embedding::Model& model, const CountTracks& count) const;

  private:
    Result<void> write(const embedding::Model& model, std::uint64_t generation) const;

    catalog::DocumentStore& documents_;
    std::string wanted_;
    Open open_;
    std::unique_ptr<embedding::Embedder> wanted_model_;
    std::unique_ptr<embedding::Embedder> former_;
};

}  // namespace audio_ident::library
