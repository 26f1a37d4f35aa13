#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "core/result.hpp"
#include "embedding/embedder.hpp"
#include "embedding/model_store.hpp"

namespace audio_ident::embedding {

/// A model that EMBEDDING_MODEL may name.
struct KnownModel {
    std::string_view name;
    std::string_view about;
    std::string_view checkpoint;  ///< that scripts/clap/export.py takes; empty: it is part of the program
    bool reads_text = false;
};

std::span<const KnownModel> known_models();

/// By its name, or "clap" for the larger CLAP; nullptr when there is none.
const KnownModel* find_model(std::string_view name);

/// The embedder of a model by its name in EMBEDDING_MODEL. `streams`: how many recordings it embeds at the same time; more
/// wait for their turn. Fails with not_available when the model or what runs it is not there, corrupt when its files are
/// damaged; the message says what to do.
Result<std::unique_ptr<Embedder>> open_embedder(const std::string& model, unsigned streams,
                                                const ModelStore& installed = ModelStore("models"));

}  // namespace audio_ident::embedding
