#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace audio_ident::util {

/// Sorts by a 32-bit key, least significant digit first, stable. For some hundred thousand small values a few passes beat
/// a comparison sort several times. `scratch` is overwritten; hand the same one in again to spare allocations.
template <typename T, typename KeyOf>
void radix_sort(std::vector<T>& values, std::vector<T>& scratch, KeyOf&& key_of) {
    constexpr unsigned kBits = 11;
    constexpr std::uint32_t kMask = (1U << kBits) - 1;
    if (values.size() < 256) {
        std::stable_sort(values.begin(), values.end(), [&](const T& a, const T& b) { return key_of(a) < key_of(b); });
        return;
    }
    scratch.resize(values.size());
    std::uint32_t largest = 0;
    for (const T& value : values) largest = std::max<std::uint32_t>(largest, key_of(value));
    for (unsigned shift = 0; shift < 32 && (largest >> shift) != 0; shift += kBits) {
        std::array<std::uint32_t, std::size_t{kMask} + 2> starts{};
        for (const T& value : values) ++starts[(key_of(value) >> shift & kMask) + 1];
        for (std::size_t i = 1; i < starts.size(); ++i) starts[i] += starts[i - 1];
        for (const T& value : values) scratch[starts[key_of(value) >> shift & kMask]++] = value;
        values.swap(scratch);
    }
}

}  // namespace audio_ident::util
