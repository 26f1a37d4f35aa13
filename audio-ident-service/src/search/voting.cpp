#include "search/voting.hpp"

#include <algorithm>
#include <bit>
#include <tuple>

#include "util/radix_sort.hpp"

namespace audio_ident::search {

namespace {

using index::Lookup;

constexpr float kNeighbourWeight = 0.7F;

// Keeps the candidates with the most votes.
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
    float least_ = 0;  // candidates need more votes than this
    std::vector<Candidate> candidates_;
};

// Finds the maxima of each chain of consecutive offsets. Neighbouring offsets count in part.
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

// A place is 2^bits consecutive offsets. It is kept when it gets at least `votes`.
struct Crowd {
    unsigned bits = 2;
    std::uint8_t votes = 2;
};

// The strictest crowd that chance alone still gives to more places than are wanted, with `count` votes on a timeline.
Crowd crowd_of(std::size_t count, std::size_t timeline, std::size_t most) {
    constexpr Crowd kLarge{3, 3};
    const double votes = static_cast<double>(count);
    const double others = votes * double(1U << kLarge.bits) / static_cast<double>(timeline);
    return votes * others * others / 6 > 4 * static_cast<double>(most) ? kLarge : Crowd{};
}

}  // namespace

// In a large index, sorting all votes would take most of the search, and most votes are alone at their place. This
// keeps the votes that share their place with others (or with votes whose place has the same hash). It works on one
// part of the timeline after another, so that the counts stay in the cache, and without branches that the processor
// cannot predict.
void Voter::keep_crowded(std::size_t timeline, std::size_t most) {
    constexpr std::size_t kWorthIt = 4096;
    if (offsets_.size() < kWorthIt) return;
    const Crowd crowd = crowd_of(offsets_.size(), timeline, most);
    sort_into_parts(timeline);
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

// Counting sort. Sets part_ends_ to the end of each part in offsets_.
void Voter::sort_into_parts(std::size_t timeline) {
    constexpr std::size_t kPart = 1U << 16;
    const auto parts = static_cast<unsigned>(std::bit_width(offsets_.size() / kPart));  // a power of two
    const auto shift = static_cast<unsigned>(std::max(0, int(std::bit_width(timeline)) - int(parts)));
    part_ends_.assign((std::size_t{1} << parts) + 1, 0);
    if (parts == 0) {
        part_ends_[0] = offsets_.size();
        return;
    }
    const auto part_of = [&](std::uint32_t offset) {
        return std::min<std::size_t>(offset >> shift, part_ends_.size() - 2);
    };
    for (const std::uint32_t offset : offsets_) ++part_ends_[part_of(offset) + 1];
    for (std::size_t i = 1; i < part_ends_.size(); ++i) part_ends_[i] += part_ends_[i - 1];
    scratch_.resize(offsets_.size());
    for (const std::uint32_t offset : offsets_) scratch_[part_ends_[part_of(offset)]++] = offset;
    offsets_.swap(scratch_);
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
