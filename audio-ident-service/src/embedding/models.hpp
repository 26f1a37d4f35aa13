#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "core/result.hpp"
#include "embedding/embedder.hpp"
#include "embedding/model_store.hpp"

namespace audio_ident::embedding {

/// A model that EMBEDDING_MODEL can select.
struct KnownModel {
    std::string_view name;
    std::string_view about;
    std::string_view checkpoint;  ///< the checkpoint for scripts/clap/export.py; empty: built into the program
    bool reads_text = false;
};

std::span<const KnownModel> known_models();

/// Finds a model by name; "clap" means the larger CLAP. nullptr when there is none.
const KnownModel* find_model(std::string_view name);

/// Opens the embedder for a value of EMBEDDING_MODEL. `streams` is the number of recordings embedded at the same time;
/// further ones wait. Fails with not_available when the model or its runtime is missing, and with corrupt when its
/// files are damaged; the message says what to do.
Result<std::unique_ptr<Embedder>> open_embedder(const std::string& model, unsigned streams,
                                                const ModelStore& installed = ModelStore("models"));

}  // namespace audio_ident::embedding
