#pragma once

#include <memory>

#include "core/result.hpp"
#include "embedding/embedder.hpp"
#include "embedding/model_folder.hpp"
#include "lib/openvino/network.hpp"

namespace audio_ident::embedding {

/// Opens LAION CLAP (Wu et al. 2023): the music-and-speech checkpoint or the smaller unfused one. See
/// docs/embedding.md. `streams` is the number of recordings embedded at the same time. The text tower is loaded on
/// first use. It is more sensitive to precision, so it uses 16 bits where the audio tower uses 8.
/// Fails with corrupt when a file is damaged, and with not_available when one is missing or the program was built
/// without OpenVINO.
Result<std::unique_ptr<Embedder>> open_clap(const ModelFolder& model, unsigned streams,
                                            openvino::Precision precision = openvino::Precision::fast);

/// Measures the length of a vector by running both towers, independently of model.json. Fails as open_clap() does, and
/// with corrupt when texts of different meaning get the same vector.
Result<unsigned> clap_dimension(const ModelFolder& model);

}  // namespace audio_ident::embedding
