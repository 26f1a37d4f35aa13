#include "search/voting.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <tuple>

namespace audio_ident::search {

namespace {

using fingerprint::ClipPeak;
using fingerprint::kMaxPairBins;
using fingerprint::kMaxPairFrames;
using fingerprint::kMinPairFrames;

constexpr float kNeighbourWeight = 0.7F;

// A clip's peak on the recording's scale.
struct MappedPeak {
    float frame;
    float contrast;
    int bin;
};

std::vector<MappedPeak> map_peaks(std::span<const ClipPeak> peaks, const fingerprint::Transform& transform) {
    std::vector<MappedPeak> mapped;
    mapped.reserve(peaks.size());
    constexpr auto kFirst = static_cast<float>(fingerprint::kFirstBin);
    for (const ClipPeak& peak : peaks) {
        const int bin = static_cast<int>(std::lround((peak.bin + kFirst) / transform.pitch - kFirst));
        if (bin < 0 || bin >= static_cast<int>(fingerprint::kBins)) continue;
        mapped.push_back({peak.frame * transform.time, peak.contrast, bin});
    }
    return mapped;
}

void add_lookups(const std::vector<MappedPeak>& peaks, std::size_t fan_out, std::vector<index::Lookup>& lookups) {
    struct Partner {
        float contrast;
        float span;
        int step;
    };
    std::vector<Partner> partners;
    for (std::size_t i = 0; i < peaks.size(); ++i) {
        const MappedPeak& first = peaks[i];
        partners.clear();
        for (std::size_t j = i + 1; j < peaks.size(); ++j) {
            const float span = peaks[j].frame - first.frame;
            if (span > float(kMaxPairFrames) + 1.5F) break;
            const int step = peaks[j].bin - first.bin;
            if (span < float(kMinPairFrames) - 0.5F || span > float(kMaxPairFrames) + 0.5F ||
                std::abs(step) > kMaxPairBins)
                continue;
            partners.push_back({peaks[j].contrast, span, step});
        }
        if (partners.size() > fan_out) {
            const auto end = partners.begin() + static_cast<std::ptrdiff_t>(fan_out);
            std::nth_element(partners.begin(), end, partners.end(),
                             [](const Partner& a, const Partner& b) { return a.contrast > b.contrast; });
            partners.erase(end, partners.end());
        }
        const auto frame = static_cast<std::int32_t>(std::lround(first.frame));
        for (const Partner& partner : partners) {
            const auto span = static_cast<std::int32_t>(std::lround(partner.span));
            const auto shortest = static_cast<std::uint32_t>(std::max(span - 1, int{kMinPairFrames}));
            const auto longest = static_cast<std::uint32_t>(std::min(span + 1, int{kMaxPairFrames}));
            const auto bin = static_cast<std::uint32_t>(first.bin);
            lookups.push_back({fingerprint::make_key(bin, partner.step, shortest),
                               fingerprint::make_key(bin, partner.step, longest), frame});
        }
    }
}

// Least significant digit first; a few passes over data that fits the cache beat a comparison sort.
void radix_sort(std::vector<std::uint32_t>& values) {
    constexpr unsigned kBits = 11;
    constexpr std::uint32_t kMask = (1U << kBits) - 1;
    if (values.size() < 512) {
        std::sort(values.begin(), values.end());
        return;
    }
    std::vector<std::uint32_t> other(values.size());
    const std::uint32_t largest = *std::max_element(values.begin(), values.end());
    for (unsigned shift = 0; shift < 32 && (largest >> shift) != 0; shift += kBits) {
        std::array<std::uint32_t, kMask + 2> starts{};
        for (const std::uint32_t v : values) ++starts[(v >> shift & kMask) + 1];
        for (std::size_t i = 1; i < starts.size(); ++i) starts[i] += starts[i - 1];
        for (const std::uint32_t v : values) other[starts[v >> shift & kMask]++] = v;
        values.swap(other);
    }
}

void count_votes(std::size_t segment, const std::vector<std::uint32_t>& sorted, std::int64_t bias,
                 std::vector<Candidate>& candidates) {
    struct Run {
        std::int64_t offset;
        float count;
    };
    Run before{-10, 0};
    Run middle{-10, 0};
    float middle_score = 0;
    float before_score = 0;
    const auto close = [&](const Run& after) {
        // `middle` has all its neighbours now.
        const float left = before.offset + 1 == middle.offset ? before.count : 0;
        const float right = middle.offset + 1 == after.offset ? after.count : 0;
        middle_score = middle.count + kNeighbourWeight * (left + right);
        const float left_score = before.offset + 1 == middle.offset ? before_score : 0;
        if (middle.count > 0 && middle_score > left_score) {
            if (left_score > 0 && !candidates.empty() && candidates.back().segment == segment &&
                candidates.back().offset + bias + 1 == middle.offset) {
                candidates.back() = {segment, middle.offset - bias, middle_score};
            } else {
                candidates.push_back({segment, middle.offset - bias, middle_score});
            }
        }
        before = middle;
        before_score = middle_score;
        middle = after;
    };
    for (std::size_t i = 0; i < sorted.size();) {
        std::size_t end = i + 1;
        while (end < sorted.size() && sorted[end] == sorted[i]) ++end;
        close({static_cast<std::int64_t>(sorted[i]), static_cast<float>(end - i)});
        i = end;
    }
    close({-10, 0});
}

}  // namespace

std::vector<index::Lookup> clip_lookups(const fingerprint::Clip& clip, const fingerprint::Transform& transform,
                                        std::size_t fan_out) {
    std::vector<index::Lookup> lookups;
    for (std::size_t phase = 0; phase < fingerprint::Clip::kPhases; ++phase) {
        add_lookups(map_peaks(clip.peaks(phase), transform), fan_out, lookups);
    }
    std::sort(lookups.begin(), lookups.end());
    return lookups;
}

std::vector<Candidate> vote(const index::FingerprintSnapshot& snapshot, const std::vector<index::Lookup>& lookups,
                            std::size_t most) {
    std::vector<Candidate> candidates;
    std::int32_t last_frame = 0;
    for (const index::Lookup& lookup : lookups) last_frame = std::max(last_frame, lookup.frame);
    const std::int32_t bias = last_frame + 1;
    std::vector<std::uint32_t> offsets;
    for (std::size_t segment = 0; segment < snapshot.segments().size(); ++segment) {
        offsets.clear();
        snapshot.find(segment, lookups, bias, offsets);
        radix_sort(offsets);
        count_votes(segment, offsets, bias, candidates);
        if (candidates.size() > 4 * most) {
            const auto end = candidates.begin() + static_cast<std::ptrdiff_t>(most);
            std::nth_element(candidates.begin(), end, candidates.end(),
                             [](const Candidate& a, const Candidate& b) { return a.votes > b.votes; });
            candidates.erase(end, candidates.end());
        }
    }
    std::sort(candidates.begin(), candidates.end(), [](const Candidate& a, const Candidate& b) {
        return a.votes != b.votes ? a.votes > b.votes : std::tie(a.segment, a.offset) < std::tie(b.segment, b.offset);
    });
    if (candidates.size() > most) candidates.resize(most);
    return candidates;
}

}  // namespace audio_ident::search
