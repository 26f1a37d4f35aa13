#pragma once

#include <openvino/openvino.hpp>

namespace audio_ident::openvino {

/// Writes the model's matrices, and its tables of words, with 16-bit numbers, which are widened again when they are used.
void halve_weights(ov::Model& model);

/// Writes the model's matrices with 8-bit numbers: groups of kWeightGroup in a row share a factor, or the whole row
/// where it cannot be divided so.
void quantise_weights(ov::Model& model);

inline constexpr std::size_t kWeightGroup = 64;

}  // namespace audio_ident::openvino
