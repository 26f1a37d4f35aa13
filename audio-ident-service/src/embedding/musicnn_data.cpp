#include "embedding/musicnn_data.hpp"

#include <cstdint>
#include <cstring>

#if AUDIO_IDENT_MUSICNN
extern "C" {
extern const std::byte audio_ident_musicnn_network[];
extern const std::byte audio_ident_musicnn_network_end[];
extern const std::byte audio_ident_musicnn_map[];
extern const std::byte audio_ident_musicnn_clip_map[];
}
#endif

namespace audio_ident::embedding {

std::span<const std::byte> musicnn_network() {
#if AUDIO_IDENT_MUSICNN
    return {audio_ident_musicnn_network, audio_ident_musicnn_network_end};
#else
    return {};
#endif
}

void LinearMap::add(std::span<const float> channels, std::span<float> sum) const {
    for (std::size_t row = 0; row < outputs; ++row) {
        float value = 0;
        for (std::size_t i = 0; i < inputs; ++i) value += matrix[row * inputs + i] * (channels[i] - centre[i]);
        sum[row] += value;
    }
}

namespace {

[[maybe_unused]] LinearMap read_map(const std::byte* at) {
    LinearMap map;
    const auto read = [&](void* to, std::size_t bytes) {
        std::memcpy(to, at, bytes);
        at += bytes;
    };
    std::uint32_t sizes[2] = {};
    read(sizes, sizeof(sizes));
    map.inputs = sizes[0];
    map.outputs = sizes[1];
    map.centre.resize(map.inputs);
    map.matrix.resize(map.inputs * map.outputs);
    read(map.centre.data(), map.centre.size() * sizeof(float));
    read(map.matrix.data(), map.matrix.size() * sizeof(float));
    return map;
}

}  // namespace

#if AUDIO_IDENT_MUSICNN
const LinearMap& musicnn_map() {
    static const LinearMap map = read_map(audio_ident_musicnn_map);
    return map;
}

const LinearMap& musicnn_clip_map() {
    static const LinearMap map = read_map(audio_ident_musicnn_clip_map);
    return map;
}
#else
const LinearMap& musicnn_map() {
    static const LinearMap none;
    return none;
}

const LinearMap& musicnn_clip_map() {
    return musicnn_map();
}
#endif

}  // namespace audio_ident::embedding
