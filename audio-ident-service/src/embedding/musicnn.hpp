#pragma once

#include <memory>

#include "core/result.hpp"
#include "embedding/embedder.hpp"

namespace audio_ident::embedding {

/// Opens MusiCNN (Pons and Serra, 2019; trained on the Million Song Dataset). See docs/embedding.md. `streams` is the
/// number of recordings embedded at the same time. Fails with not_available when the program was built without the
/// model or without OpenVINO.
Result<std::unique_ptr<Embedder>> make_musicnn(unsigned streams);

}  // namespace audio_ident::embedding
