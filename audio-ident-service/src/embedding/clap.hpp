#pragma once

#include <memory>

#include "core/result.hpp"
#include "embedding/embedder.hpp"
#include "embedding/model_folder.hpp"
#include "lib/openvino/network.hpp"

namespace audio_ident::embedding {

/// LAION CLAP (Wu et al. 2023), the music-and-speech or the smaller unfused checkpoint: see docs/embedding.md. `streams`:
/// how many recordings are embedded at the same time. The text tower is loaded with the first text; where the audio tower
/// has 8 bits it has 16, since it is the more sensitive one. Fails with corrupt when a file is damaged, not_available when
/// one is missing or the program was built without OpenVINO.
Result<std::unique_ptr<Embedder>> open_clap(const ModelFolder& model, unsigned streams,
                                            openvino::Precision precision = openvino::Precision::fast);

/// How many numbers a vector has, by trying both towers, whatever model.json says. Fails as open_clap() does, and with
/// corrupt when texts that mean unlike things get the same vector.
Result<unsigned> clap_dimension(const ModelFolder& model);

}  // namespace audio_ident::embedding
