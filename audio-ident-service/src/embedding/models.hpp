#pragma once

#include <memory>
#include <string>

#include "core/result.hpp"
#include "embedding/embedder.hpp"

namespace audio_ident::embedding {

/// The embedder of a model by its name in EMBEDDING_MODEL. `streams`: how many recordings it embeds at the same time; more
/// wait for their turn. Fails with not_available when the model or what runs it is not there; the message says what to do.
Result<std::unique_ptr<Embedder>> open_embedder(const std::string& model, unsigned streams);

}  // namespace audio_ident::embedding
