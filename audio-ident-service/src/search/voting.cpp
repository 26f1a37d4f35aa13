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
using fingerprint::Transform;
using index::Lookup;

constexpr float kNeighbourWeight = 0.7F;

constexpr float kReach = 1.1F;  // of pairs, beyond the reference's

// The chance that a pair is a landmark of the recording, by its peaks' contrasts and the second's rank among the first's partners,
// 0 for the strongest. Logistic regression, eval/train_pairs.py.
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
            if (span > kLongest + 1) break;  // frames lie up to half a frame off their order
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

std::vector<Lookup> tolerant_lookups(std::span<const ClipPair> pairs, const Transform& transform) {
    std::vector<Lookup> lookups;
    lookups.reserve(pairs.size());
    for (const ClipPair& pair : pairs) {
        const auto question = question_of(pair, transform);
        if (!question) continue;
        const int shortest = std::max(question->nearest_span() - 1, int{kMinPairFrames});
        const int longest = std::min(question->nearest_span() + 1, int{kMaxPairFrames});
        if (shortest <= longest) lookups.push_back(question->lookup(shortest, longest));
    }
    return lookups;
}

// The share of a pair's hits that have this span, `away` from the nearest one; `rest`: what the pair's own span lies beside that.
// Measured (eval/train_pairs.py): the recording's frames lie anywhere between the clip's.
float share_of_span(int away, float rest) {
    if (away == 0) return 0.788F - 0.572F * std::abs(rest);
    return static_cast<float>(away) * rest > 0 ? 0.104F + 0.728F * std::abs(rest) : 0.109F - 0.156F * std::abs(rest);
}

std::vector<Lookup> worthiest_lookups(const index::FingerprintSnapshot& snapshot, std::span<const ClipPair> pairs,
                                      const Transform& transform, std::uint64_t budget) {
    struct Priced {
        float price;  // postings a hit
        std::uint64_t postings;
        Lookup lookup;
    };
    std::vector<Priced> priced;
    priced.reserve(3 * pairs.size());
    for (const ClipPair& pair : pairs) {
        const auto question = question_of(pair, transform);
        if (!question) continue;
        const int nearest = question->nearest_span();
        for (int away = -1; away <= 1; ++away) {
            const int span = nearest + away;
            if (span < int{kMinPairFrames} || span > int{kMaxPairFrames}) continue;
            const Lookup lookup = question->lookup(span, span);
            std::uint64_t postings = 1;
            for (std::size_t segment = 0; segment < snapshot.segments().size(); ++segment)
                postings += snapshot.count_bound(segment, lookup);
            const float chance = pair.chance * share_of_span(away, question->span_frames - static_cast<float>(nearest));
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

std::optional<Question> question_of(const ClipPair& pair, const Transform& transform) {
    constexpr auto kFirst = static_cast<float>(fingerprint::kFirstBin);
    const auto bin_of = [scale = 1 / transform.pitch](float bin) {
        return static_cast<int>(std::floor((bin + kFirst) * scale - kFirst + 0.5F));
    };
    const int bin = bin_of(pair.first.bin);
    const int step = bin_of(pair.second.bin) - bin;
    if (bin < 0 || bin >= int{fingerprint::kBins} || std::abs(step) > kMaxPairBins) return std::nullopt;
    return Question{static_cast<std::uint32_t>(bin), step, (pair.second.frame - pair.first.frame) * transform.time,
                    static_cast<std::int32_t>(pair.first.frame * transform.time + 0.5F)};
}

std::uint64_t expected_postings(const index::FingerprintSnapshot& snapshot) {
    // Landmarks spread over the keys as evenly as over kEvenKeys (19 bits of entropy, docs/fingerprint.md), and a
    // look-up has three.
    constexpr std::uint64_t kEvenKeys = 1U << 19;
    return 3 * snapshot.stats().postings / kEvenKeys;
}

std::vector<Lookup> lookups_of(const index::FingerprintSnapshot& snapshot, std::span<const ClipPair> pairs,
                               const Transform& transform, std::uint64_t budget) {
    constexpr std::uint64_t kChoice = 4;  // pairs whose lists are measured, for each that can be afforded
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

std::vector<Candidate> Voter::vote(const index::FingerprintSnapshot& snapshot, const std::vector<Lookup>& lookups,
                                   std::size_t most) {
    Leaders leaders(most);
    std::int32_t last_frame = 0;
    for (const Lookup& lookup : lookups) last_frame = std::max(last_frame, lookup.frame);
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
