#pragma once

#include <memory>

#include "core/result.hpp"
#include "embedding/embedder.hpp"

namespace audio_ident::embedding {

/// MusiCNN (Pons and Serra, 2019; trained on the Million Song Dataset): see docs/embedding.md. `streams`: how many
/// recordings are embedded at the same time. Fails with not_available in a program built without the model or OpenVINO.
Result<std::unique_ptr<Embedder>> make_musicnn(unsigned streams);

}  // namespace audio_ident::embedding
