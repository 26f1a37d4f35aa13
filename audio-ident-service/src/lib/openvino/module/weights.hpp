#pragma once

#include <openvino/openvino.hpp>

namespace audio_ident::openvino {

/// Stores the model's matrices and word tables as 16-bit numbers, which are widened when used.
void halve_weights(ov::Model& model);

/// Stores the model's matrices as 8-bit numbers. Groups of kWeightGroup numbers in a row share a factor; a row that
/// cannot be divided into groups has one factor.
void quantise_weights(ov::Model& model);

inline constexpr std::size_t kWeightGroup = 64;

}  // namespace audio_ident::openvino
