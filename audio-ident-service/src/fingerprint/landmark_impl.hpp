#pragma once

#include <algorithm>
#include <cstdlib>

#include "fingerprint/landmark.hpp"

namespace audio_ident::fingerprint {

template <typename PairSink>
void for_each_pair(std::span<const Peak> peaks, std::size_t fan_out, PairSink&& pair) {
    struct Partner {
        std::uint32_t rank;  // strength first, then the nearer one
        std::uint32_t index;
    };
    std::vector<Partner> partners;
    for (std::size_t i = 0; i < peaks.size(); ++i) {
        const Peak& first = peaks[i];
        partners.clear();
        for (std::size_t j = i + 1; j < peaks.size(); ++j) {
            const Peak& second = peaks[j];
            const std::uint32_t span = second.frame - first.frame;
            if (span > kMaxPairFrames) break;
            if (span < kMinPairFrames) continue;
            if (std::abs(int(second.bin) - int(first.bin)) > kMaxPairBins) continue;
            partners.push_back({static_cast<std::uint32_t>(second.strength) << 8 | (kMaxPairFrames - span),
                                static_cast<std::uint32_t>(j)});
        }
        const auto stronger = [](const Partner& a, const Partner& b) {
            return a.rank != b.rank ? a.rank > b.rank : a.index < b.index;
        };
        if (partners.size() > fan_out) {
            const auto end = partners.begin() + static_cast<std::ptrdiff_t>(fan_out);
            std::nth_element(partners.begin(), end, partners.end(), stronger);
            partners.erase(end, partners.end());
        }
        for (const Partner& partner : partners) pair(i, static_cast<std::size_t>(partner.index));
    }
}

}  // namespace audio_ident::fingerprint
