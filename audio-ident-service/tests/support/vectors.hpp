#pragma once

#include <cmath>
#include <vector>

#include "index/vector/track_vectors.hpp"
#include "support/fingerprints.hpp"
#include "support/random.hpp"

namespace audio_ident::test {

/// A random direction that depends only on the seed. In high dimensions two of them are nearly orthogonal.
inline std::vector<float> random_unit(std::uint64_t seed, std::size_t dimension) {
    Random random(seed * 7919 + 1);
    std::vector<float> values(dimension);
    double squares = 0;
    for (float& value : values) {
        double sum = 0;  // The sum is close enough to a normal distribution.
        for (int i = 0; i < 4; ++i) sum += random.uniform(-1, 1);
        value = static_cast<float>(sum);
        squares += sum * sum;
    }
    for (float& value : values) value = static_cast<float>(value / std::sqrt(squares));
    return values;
}

/// A track whose chunks all have their own random direction, one chunk every 5 s.
inline index::TrackVectors random_vectors(std::uint32_t number, std::size_t chunks, std::size_t dimension) {
    index::TrackVectors track;
    track.id = numbered_id(number);
    for (std::size_t i = 0; i < chunks; ++i) {
        track.start_seconds.push_back(static_cast<float>(5 * i));
        const auto row = random_unit(number * 1000ULL + i, dimension);
        track.values.insert(track.values.end(), row.begin(), row.end());
    }
    return track;
}

inline double cosine(std::span<const float> a, std::span<const float> b) {
    double sum = 0;
    for (std::size_t i = 0; i < a.size(); ++i) sum += double(a[i]) * b[i];
    return sum;
}

}  // namespace audio_ident::test
