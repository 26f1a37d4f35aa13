#include "search/lookups.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "util/radix_sort.hpp"

namespace audio_ident::search {

namespace {

using fingerprint::ClipPeak;
using fingerprint::kMaxPairBins;
using fingerprint::kMaxPairFrames;
using fingerprint::kMinPairFrames;
using fingerprint::Transform;
using index::Lookup;

constexpr float kReach = 1.1F;  // pairs of a clip reach this much farther than those of a track

// The chance that a pair is a landmark of the recording: a logistic regression on the contrasts of its two peaks and on
// the rank of the second among the partners of the first (0: the strongest), fitted by eval/train_pairs.py.
float chance_of(float first, float second, std::uint32_t rank) {
    const float by_rank = std::log1p(static_cast<float>(rank));
    const float odds = -19.8031F + (11.6414F - 2.1796F * first) * first + (2.9297F - 0.4875F * second) * second +
                       (0.0775F - 0.6343F * by_rank) * by_rank;
    return 1 / (1 + std::exp(-odds));
}

void add_pairs(std::span<const ClipPeak> peaks, std::size_t fan_out, std::vector<ClipPair>& pairs) {
    constexpr float kLongest = float(kMaxPairFrames) * kReach + 0.5F;
    constexpr float kShortest = float(kMinPairFrames) / kReach - 0.5F;
    constexpr float kWidest = float(kMaxPairBins) * kReach + 0.5F;
    std::vector<const ClipPeak*> partners;
    for (std::size_t i = 0; i < peaks.size(); ++i) {
        const ClipPeak& first = peaks[i];
        partners.clear();
        for (std::size_t j = i + 1; j < peaks.size(); ++j) {
            const float span = peaks[j].frame - first.frame;
            if (span > kLongest + 1) break;  // peaks may be out of order by up to half a frame each
            if (span < kShortest || span > kLongest || std::abs(peaks[j].bin - first.bin) > kWidest) continue;
            partners.push_back(&peaks[j]);
        }
        const auto end = partners.begin() + static_cast<std::ptrdiff_t>(std::min(fan_out, partners.size()));
        std::partial_sort(partners.begin(), end, partners.end(),
                          [](const ClipPeak* a, const ClipPeak* b) { return a->contrast > b->contrast; });
        for (auto partner = partners.begin(); partner != end; ++partner) {
            const auto rank = static_cast<std::uint32_t>(partner - partners.begin());
            pairs.push_back({first, **partner, rank, chance_of(first.contrast, (*partner)->contrast, rank)});
        }
    }
}

std::vector<Lookup> tolerant_lookups(std::span<const ClipPair> pairs, const Transform& transform) {
    std::vector<Lookup> lookups;
    lookups.reserve(pairs.size());
    for (const ClipPair& pair : pairs) {
        const auto query = pair_query(pair, transform);
        if (!query) continue;
        const int shortest = std::max(query->nearest_span() - 1, int{kMinPairFrames});
        const int longest = std::min(query->nearest_span() + 1, int{kMaxPairFrames});
        if (shortest <= longest) lookups.push_back(query->lookup(shortest, longest));
    }
    return lookups;
}

// The share of a pair's hits at the span that is `away` from the nearest whole span. `rest`: the pair's own span minus
// the nearest one. The frames of the recording lie anywhere between those of the clip; eval/train_pairs.py measured the
// shares.
float share_of_span(int away, float rest) {
    if (away == 0) return 0.788F - 0.572F * std::abs(rest);
    return static_cast<float>(away) * rest > 0 ? 0.104F + 0.728F * std::abs(rest) : 0.109F - 0.156F * std::abs(rest);
}

std::vector<Lookup> worthiest_lookups(const index::FingerprintSnapshot& snapshot, std::span<const ClipPair> pairs,
                                      const Transform& transform, std::uint64_t budget) {
    struct Priced {
        float price;  // postings for each hit
        std::uint64_t postings;
        Lookup lookup;
    };
    std::vector<Priced> priced;
    priced.reserve(3 * pairs.size());
    for (const ClipPair& pair : pairs) {
        const auto query = pair_query(pair, transform);
        if (!query) continue;
        const int nearest = query->nearest_span();
        for (int away = -1; away <= 1; ++away) {
            const int span = nearest + away;
            if (span < int{kMinPairFrames} || span > int{kMaxPairFrames}) continue;
            const Lookup lookup = query->lookup(span, span);
            std::uint64_t postings = 1;
            for (std::size_t segment = 0; segment < snapshot.segments().size(); ++segment)
                postings += snapshot.count_bound(segment, lookup);
            const float chance = pair.chance * share_of_span(away, query->span_frames - static_cast<float>(nearest));
            priced.push_back({static_cast<float>(postings) / chance, postings, lookup});
        }
    }
    std::sort(priced.begin(), priced.end(), [](const Priced& a, const Priced& b) {
        return a.price != b.price ? a.price < b.price : a.lookup < b.lookup;
    });
    std::vector<Lookup> kept;
    std::uint64_t total = 0;
    for (const Priced& one : priced) {
        total += one.postings;
        if (total > budget) break;
        kept.push_back(one.lookup);
    }
    return kept;
}

}  // namespace

std::vector<ClipPair> clip_pairs(const fingerprint::Clip& clip, std::size_t fan_out, std::size_t phases) {
    std::vector<ClipPair> pairs;
    for (std::size_t phase = 0; phase < phases; ++phase) add_pairs(clip.peaks(phase), fan_out, pairs);
    std::stable_sort(pairs.begin(), pairs.end(),
                     [](const ClipPair& a, const ClipPair& b) { return a.chance > b.chance; });
    return pairs;
}

std::optional<PairQuery> pair_query(const ClipPair& pair, const Transform& transform) {
    constexpr auto kFirst = static_cast<float>(fingerprint::kFirstBin);
    const auto bin_of = [scale = 1 / transform.pitch](float bin) {
        return static_cast<int>(std::floor((bin + kFirst) * scale - kFirst + 0.5F));
    };
    const int bin = bin_of(pair.first.bin);
    const int step = bin_of(pair.second.bin) - bin;
    if (bin < 0 || bin >= int{fingerprint::kBins} || std::abs(step) > kMaxPairBins) return std::nullopt;
    return PairQuery{static_cast<std::uint32_t>(bin), step, (pair.second.frame - pair.first.frame) * transform.time,
                     static_cast<std::int32_t>(pair.first.frame * transform.time + 0.5F)};
}

std::uint64_t expected_postings(const index::FingerprintSnapshot& snapshot) {
    // Landmarks occupy the keys as if spread evenly over kEvenKeys (19 bits of entropy). A look-up reads three keys.
    constexpr std::uint64_t kEvenKeys = 1U << 19;
    return 3 * snapshot.stats().postings / kEvenKeys;
}

std::vector<Lookup> lookups_of(const index::FingerprintSnapshot& snapshot, std::span<const ClipPair> pairs,
                               const Transform& transform, std::uint64_t budget) {
    constexpr std::uint64_t kChoice = 4;  // measure the lists of this many times the pairs that the budget allows
    const std::uint64_t expected = expected_postings(snapshot);
    std::vector<Lookup> lookups;
    if (pairs.size() * expected > budget / 2) {
        const std::uint64_t choice = kChoice * (budget / std::max<std::uint64_t>(expected, 1) + 1);
        lookups =
            worthiest_lookups(snapshot, pairs.first(std::min<std::uint64_t>(pairs.size(), choice)), transform, budget);
    } else {
        lookups = tolerant_lookups(pairs, transform);
    }
    std::vector<Lookup> scratch;
    util::radix_sort(lookups, scratch, [](const Lookup& lookup) { return lookup.first; });
    return lookups;
}

}  // namespace audio_ident::search
