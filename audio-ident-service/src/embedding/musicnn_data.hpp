#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace audio_ident::embedding {

/// The ONNX file that scripts/musicnn/convert.py makes; empty in a program built without it.
std::span<const std::byte> musicnn_network();

/// From the mean of the network's channels over a window to the space of the vectors: matrix · (channels − centre).
struct LinearMap {
    std::size_t inputs = 0;
    std::size_t outputs = 0;
    std::vector<float> centre;
    std::vector<float> matrix;  ///< row after row, a row an output

    /// Adds the mapped channels to `sum`.
    void add(std::span<const float> channels, std::span<float> sum) const;
};

/// What eval/train_embedding.py has learned (musicnn_map.bin: the two sizes as 32-bit numbers, centre, matrix).
const LinearMap& musicnn_map();

}  // namespace audio_ident::embedding
