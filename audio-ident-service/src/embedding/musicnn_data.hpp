#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace audio_ident::embedding {

/// The ONNX file that scripts/musicnn/convert.py generates; empty when the program was built without it.
std::span<const std::byte> musicnn_network();

/// Maps the network's channels over a window to the vector space: matrix · (channels − centre).
struct LinearMap {
    std::size_t inputs = 0;
    std::size_t outputs = 0;
    std::vector<float> centre;
    std::vector<float> matrix;  ///< row-major, one row per output

    /// Adds the mapped channels to `sum`.
    void add(std::span<const float> channels, std::span<float> sum) const;
};

/// The map that eval/train_embedding.py learned, of the mean of each channel. musicnn_map.bin holds the two sizes as
/// 32-bit numbers, the centre and the matrix.
const LinearMap& musicnn_map();
/// The map of clips that eval/train_clip_map.py learned, of the means and then the maxima: musicnn_clip_map.bin.
const LinearMap& musicnn_clip_map();

}  // namespace audio_ident::embedding
