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

// Finds the maxima of each chain of consecutive offsets, neighbours counted in part.
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

// A place is 2^bits consecutive offsets; a true one gets `votes`, if more than chance gives to any.
struct Crowd {
    unsigned bits = 2;
    std::uint8_t votes = 2;
};

// What keep_crowded() may ask of `count` votes on a timeline so that by chance alone as many places as are wanted meet it.
Crowd crowd_of(std::size_t count, std::size_t timeline, std::size_t most) {
    constexpr Crowd kLarge{3, 3};
    const double votes = static_cast<double>(count);
    const double others = votes * double(1U << kLarge.bits) / static_cast<double>(timeline);
    return votes * others * others / 6 > 4 * static_cast<double>(most) ? kLarge : Crowd{};
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

std::uint64_t expected_postings(const index::FingerprintSnapshot& snapshot) {
    // Landmarks spread over the keys as evenly as over kEvenKeys (19 bits of entropy, docs/fingerprint.md), and a
    // look-up has three.
    constexpr std::uint64_t kEvenKeys = 1U << 19;
    return 3 * snapshot.stats().postings / kEvenKeys;
}

std::vector<index::Lookup> within_budget(const index::FingerprintSnapshot& snapshot, std::vector<index::Lookup> lookups,
                                         std::uint64_t budget) {
    constexpr std::uint64_t kChoice = 4;  // look-ups whose lists are measured, for each that can be afforded
    const std::uint64_t expected = expected_postings(snapshot);
    if (lookups.size() * expected > budget / 2) {
        lookups.resize(
            std::min<std::uint64_t>(lookups.size(), kChoice * (budget / std::max<std::uint64_t>(expected, 1) + 1)));
        keep_worthiest(snapshot, lookups, budget);
    }
    std::vector<index::Lookup> scratch;
    util::radix_sort(lookups, scratch, [](const index::Lookup& lookup) { return lookup.first; });
    return lookups;
}

// Sorting the votes would be most of a search in a large index, and most of them stand alone there: keeps those that share
// their place with others (or with votes whose place has the same hash). Works part by part of the timeline, so that the
// counts stay in the cache, and without branches that cannot be foreseen.
void Voter::keep_crowded(std::size_t timeline, std::size_t most) {
    constexpr std::size_t kWorthIt = 4096;
    constexpr std::size_t kPart = 1U << 16;
    if (offsets_.size() < kWorthIt) return;
    const Crowd crowd = crowd_of(offsets_.size(), timeline, most);
    const auto parts = static_cast<unsigned>(std::bit_width(offsets_.size() / kPart));  // a power of two
    const auto shift = static_cast<unsigned>(std::max(0, int(std::bit_width(timeline)) - int(parts)));
    part_ends_.assign((std::size_t{1} << parts) + 1, 0);
    const auto part_of = [&](std::uint32_t offset) {
        return std::min<std::size_t>(offset >> shift, part_ends_.size() - 2);
    };
    if (parts > 0) {
        for (const std::uint32_t offset : offsets_) ++part_ends_[part_of(offset) + 1];
        for (std::size_t i = 1; i < part_ends_.size(); ++i) part_ends_[i] += part_ends_[i - 1];
        scratch_.resize(offsets_.size());
        for (const std::uint32_t offset : offsets_) scratch_[part_ends_[part_of(offset)]++] = offset;
        offsets_.swap(scratch_);
    } else {
        part_ends_[0] = offsets_.size();
    }
    std::size_t kept = 0;
    std::size_t begin = 0;
    for (std::size_t part = 0; part + 1 < part_ends_.size(); ++part) {
        const std::size_t end = part_ends_[part];
        const std::size_t cells = std::bit_ceil(4 * (end - begin) + 1);
        const auto cell_of = [&](std::uint32_t offset) { return (offset >> crowd.bits) & (cells - 1); };
        counts_.assign(cells, 0);
        for (std::size_t i = begin; i < end; ++i) {
            std::uint8_t& count = counts_[cell_of(offsets_[i])];
            count = static_cast<std::uint8_t>(count + (count < 255));
        }
        for (std::size_t i = begin; i < end; ++i) {
            const std::uint32_t offset = offsets_[i];
            offsets_[kept] = offset;
            kept += counts_[cell_of(offset)] >= crowd.votes ? 1 : 0;
        }
        begin = end;
    }
    offsets_.resize(kept);
}

std::vector<Candidate> Voter::vote(const index::FingerprintSnapshot& snapshot,
                                   const std::vector<index::Lookup>& lookups, std::size_t most) {
    Leaders leaders(most);
    std::int32_t last_frame = 0;
    for (const index::Lookup& lookup : lookups) last_frame = std::max(last_frame, lookup.frame);
    const std::int32_t bias = last_frame + 1;
    for (std::size_t segment = 0; segment < snapshot.segments().size(); ++segment) {
        offsets_.clear();
        snapshot.find(segment, lookups, bias, offsets_);
        keep_crowded(std::size_t{snapshot.segments()[segment].frames} + static_cast<std::size_t>(bias), most);
        util::radix_sort(offsets_, scratch_, [](std::uint32_t offset) { return offset; });
        count_votes(segment, offsets_, bias, leaders);
    }
    return leaders.take();
}

}  // namespace audio_ident::search
