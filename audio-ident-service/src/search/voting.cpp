#include "search/voting.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdlib>
#include <tuple>

#include "util/radix_sort.hpp"

namespace audio_ident::search {

namespace {

using fingerprint::ClipPeak;
using fingerprint::kMaxPairBins;
using fingerprint::kMaxPairFrames;
using fingerprint::kMinPairFrames;

constexpr float kNeighbourWeight = 0.7F;

constexpr float kReach = 1.1F;  // of pairs, beyond the reference's

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
            if (span > kLongest + 1) break;  // frames lie up to half a frame off their order
            if (span < kShortest || span > kLongest || std::abs(peaks[j].bin - first.bin) > kWidest) continue;
            partners.push_back(&peaks[j]);
        }
        if (partners.size() > fan_out) {
            const auto end = partners.begin() + static_cast<std::ptrdiff_t>(fan_out);
            std::nth_element(partners.begin(), end, partners.end(),
                             [](const ClipPeak* a, const ClipPeak* b) { return a->contrast > b->contrast; });
            partners.erase(end, partners.end());
        }
        for (const ClipPeak* second : partners) pairs.push_back({first, *second});
    }
}

// The candidates with the most votes, of as many as come.
class Leaders {
  public:
    explicit Leaders(std::size_t most) : most_(most) {}

    void add(const Candidate& candidate) {
        if (candidate.votes <= least_) return;
        candidates_.push_back(candidate);
        if (candidates_.size() >= 8 * most_ + 64) keep_most();
    }
    std::vector<Candidate> take() {
        std::sort(candidates_.begin(), candidates_.end(), before);
        if (candidates_.size() > most_) candidates_.resize(most_);
        return std::move(candidates_);
    }

  private:
    static bool before(const Candidate& a, const Candidate& b) {
        return a.votes != b.votes ? a.votes > b.votes : std::tie(a.segment, a.offset) < std::tie(b.segment, b.offset);
    }
    void keep_most() {
        const auto end = candidates_.begin() + static_cast<std::ptrdiff_t>(most_);
        std::nth_element(candidates_.begin(), end, candidates_.end(), before);
        least_ = end->votes;
        candidates_.erase(end, candidates_.end());
    }

    std::size_t most_;
    float least_ = 0;  // what no longer comes among the first
    std::vector<Candidate> candidates_;
};

// Offsets that come together only, neighbours counted in part: the maxima of each chain of consecutive ones.
void count_votes(std::size_t segment, const std::vector<std::uint32_t>& sorted, std::int64_t bias, Leaders& leaders) {
    std::vector<float> counts;
    for (std::size_t i = 0; i < sorted.size();) {
        const std::uint32_t first = sorted[i];
        counts.clear();
        do {
            const std::size_t begin = i;
            while (i < sorted.size() && sorted[i] == sorted[begin]) ++i;
            counts.push_back(static_cast<float>(i - begin));
        } while (i < sorted.size() && sorted[i] == sorted[i - 1] + 1);
        const auto count_at = [&](std::size_t k) { return k < counts.size() ? counts[k] : 0.0F; };
        float before = 0;
        float score = counts[0] + kNeighbourWeight * count_at(1);
        for (std::size_t k = 0; k < counts.size(); ++k) {
            const float after =
                k + 1 < counts.size() ? counts[k + 1] + kNeighbourWeight * (counts[k] + count_at(k + 2)) : 0.0F;
            if (score > before && score >= after)
                leaders.add({segment, std::int64_t{first} + static_cast<std::int64_t>(k) - bias, score});
            before = score;
            score = after;
        }
    }
}

// In a large index most votes stand alone, and sorting them is most of a search: drops those that share their place, of
// kPlace offsets, with no other (nor with one whose place has the same hash).
void drop_loners(std::vector<std::uint32_t>& offsets) {
    constexpr std::size_t kWorthIt = 4096;
    constexpr std::size_t kInCache = 1U << 20;
    constexpr unsigned kPlaceBits = 2;
    if (offsets.size() < kWorthIt || offsets.size() > kInCache) return;
    const std::size_t cells = std::bit_ceil(4 * offsets.size());
    const auto cell_of = [&](std::uint32_t offset) { return (offset >> kPlaceBits) & (cells - 1); };
    std::vector<std::uint8_t> votes(cells);
    for (const std::uint32_t offset : offsets) {
        std::uint8_t& count = votes[cell_of(offset)];
        count = static_cast<std::uint8_t>(count | (count << 1) | 1);  // 0, 1, 3, 7 …
    }
    std::erase_if(offsets, [&](std::uint32_t offset) { return votes[cell_of(offset)] == 1; });
}

// The first look-ups are the most likely to hit, by a factor of kSpread or so from the first to the last.
void keep_worthiest(const index::FingerprintSnapshot& snapshot, std::vector<index::Lookup>& lookups,
                    std::uint64_t budget) {
    constexpr float kSpread = 4;
    struct Priced {
        float price;  // postings a hit
        std::uint32_t at;
        std::uint64_t postings;
    };
    std::vector<Priced> priced;
    priced.reserve(lookups.size());
    for (std::size_t i = 0; i < lookups.size(); ++i) {
        std::uint64_t postings = 1;
        for (std::size_t segment = 0; segment < snapshot.segments().size(); ++segment)
            postings += snapshot.count_bound(segment, lookups[i]);
        const float rank = static_cast<float>(i) / static_cast<float>(lookups.size());
        priced.push_back(
            {static_cast<float>(postings) * std::pow(kSpread, rank), static_cast<std::uint32_t>(i), postings});
    }
    std::sort(priced.begin(), priced.end(),
              [](const Priced& a, const Priced& b) { return a.price != b.price ? a.price < b.price : a.at < b.at; });
    std::vector<index::Lookup> kept;
    std::uint64_t total = 0;
    for (const Priced& one : priced) {
        total += one.postings;
        if (total > budget) break;
        kept.push_back(lookups[one.at]);
    }
    lookups = std::move(kept);
}

}  // namespace

std::vector<ClipPair> clip_pairs(const fingerprint::Clip& clip, std::size_t fan_out, std::size_t phases) {
    std::vector<ClipPair> pairs;
    for (std::size_t phase = 0; phase < phases; ++phase) add_pairs(clip.peaks(phase), fan_out, pairs);
    const auto weaker = [](const ClipPair& pair) { return std::min(pair.first.contrast, pair.second.contrast); };
    std::stable_sort(pairs.begin(), pairs.end(),
                     [&](const ClipPair& a, const ClipPair& b) { return weaker(a) > weaker(b); });
    return pairs;
}

std::vector<index::Lookup> lookups_of(std::span<const ClipPair> pairs, const fingerprint::Transform& transform) {
    constexpr auto kFirst = static_cast<float>(fingerprint::kFirstBin);
    const auto bin_of = [scale = 1 / transform.pitch](float bin) {
        return static_cast<int>(std::floor((bin + kFirst) * scale - kFirst + 0.5F));
    };
    std::vector<index::Lookup> lookups;
    lookups.reserve(pairs.size());
    for (const ClipPair& pair : pairs) {
        const int bin = bin_of(pair.first.bin);
        const int step = bin_of(pair.second.bin) - bin;
        const int span = static_cast<int>((pair.second.frame - pair.first.frame) * transform.time + 0.5F);
        const int shortest = std::max(span - 1, int{kMinPairFrames});
        const int longest = std::min(span + 1, int{kMaxPairFrames});
        if (bin < 0 || bin >= int{fingerprint::kBins} || std::abs(step) > kMaxPairBins || shortest > longest) continue;
        const auto first_bin = static_cast<std::uint32_t>(bin);
        lookups.push_back({fingerprint::make_key(first_bin, step, static_cast<std::uint32_t>(shortest)),
                           fingerprint::make_key(first_bin, step, static_cast<std::uint32_t>(longest)),
                           static_cast<std::int32_t>(pair.first.frame * transform.time + 0.5F)});
    }
    return lookups;
}

std::vector<index::Lookup> within_budget(const index::FingerprintSnapshot& snapshot, std::vector<index::Lookup> lookups,
                                         std::uint64_t budget) {
    // Landmarks spread over the keys as evenly as over kEvenKeys (19 bits of entropy, docs/fingerprint.md), and a
    // look-up has three.
    constexpr std::uint64_t kEvenKeys = 1U << 19;
    constexpr std::uint64_t kChoice = 4;  // look-ups whose lists are measured, for each that can be afforded
    const std::uint64_t expected = 3 * snapshot.stats().postings / kEvenKeys;
    if (lookups.size() * expected > budget / 2) {
        lookups.resize(
            std::min<std::uint64_t>(lookups.size(), kChoice * (budget / std::max<std::uint64_t>(expected, 1) + 1)));
        keep_worthiest(snapshot, lookups, budget);
    }
    std::vector<index::Lookup> scratch;
    util::radix_sort(lookups, scratch, [](const index::Lookup& lookup) { return lookup.first; });
    return lookups;
}

std::vector<Candidate> vote(const index::FingerprintSnapshot& snapshot, const std::vector<index::Lookup>& lookups,
                            std::size_t most) {
    Leaders leaders(most);
    std::int32_t last_frame = 0;
    for (const index::Lookup& lookup : lookups) last_frame = std::max(last_frame, lookup.frame);
    const std::int32_t bias = last_frame + 1;
    std::vector<std::uint32_t> offsets;
    std::vector<std::uint32_t> scratch;
    for (std::size_t segment = 0; segment < snapshot.segments().size(); ++segment) {
        offsets.clear();
        snapshot.find(segment, lookups, bias, offsets);
        drop_loners(offsets);
        util::radix_sort(offsets, scratch, [](std::uint32_t offset) { return offset; });
        count_votes(segment, offsets, bias, leaders);
    }
    return leaders.take();
}

}  // namespace audio_ident::search
