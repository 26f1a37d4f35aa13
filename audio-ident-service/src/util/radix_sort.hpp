#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace audio_ident::util {

/// Sorts by a 32-bit key, least significant digit first; stable. With a few hundred thousand small values it is several
/// times as fast as a comparison sort. `scratch` is overwritten; pass the same one again to save allocations.
template <typename T, typename KeyOf>
void radix_sort(std::vector<T>& values, std::vector<T>& scratch, KeyOf&& key_of) {
    constexpr unsigned kBits = 11;
    constexpr std::uint32_t kMask = (1U << kBits) - 1;
    if (values.size() < 256) {
        std::stable_sort(values.begin(), values.end(), [&](const T& a, const T& b) { return key_of(a) < key_of(b); });
        return;
    }
    constexpr unsigned kDigits = (32 + kBits - 1) / kBits;
    scratch.resize(values.size());
    std::uint32_t largest = 0;
    std::array<std::array<std::uint32_t, std::size_t{kMask} + 2>, kDigits> starts{};
    for (const T& value : values) {
        const std::uint32_t key = key_of(value);
        largest = std::max(largest, key);
        for (unsigned digit = 0; digit < kDigits; ++digit) ++starts[digit][(key >> digit * kBits & kMask) + 1];
    }
    for (unsigned digit = 0; digit < kDigits && (largest >> digit * kBits) != 0; ++digit) {
        auto& next = starts[digit];
        for (std::size_t i = 1; i < next.size(); ++i) next[i] += next[i - 1];
        for (const T& value : values) scratch[next[key_of(value) >> digit * kBits & kMask]++] = value;
        values.swap(scratch);
    }
}

}  // namespace audio_ident::util
