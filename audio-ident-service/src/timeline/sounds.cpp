#include "timeline/sounds.hpp"

#include <algorithm>
#include <map>
#include <numeric>
#include <utility>

#include "fingerprint/params.hpp"

namespace audio_ident::timeline {

namespace {

constexpr std::size_t kShortest = 5;  // buckets: 2.5 s
constexpr std::size_t kLong = 30;     // buckets: 15 s
constexpr std::size_t kBeside = 40;   // buckets: 20 s
constexpr std::size_t kTouching = 3;  // buckets between stretches that follow each other

const Piece& piece_at(std::span<const Piece> pieces, std::size_t bucket) {
    const auto after = std::upper_bound(pieces.begin(), pieces.end(), bucket,
                                        [](std::size_t wanted, const Piece& piece) { return wanted < piece.begin; });
    return *std::prev(std::max(after, std::next(pieces.begin())));
}

/// Which sound is heard where on the tape. The strongest repeats come first: what they say stays.
class SoundMap {
  public:
    explicit SoundMap(std::span<const Piece> pieces) : pieces_(pieces) {}

    /// [begin, end) and the same `lag` buckets before are one sound.
    void join(std::size_t begin, std::size_t end, std::size_t lag) {
        const auto cuts = cuts_of(begin, end, lag);
        for (std::size_t i = 0; i + 1 < cuts.size(); ++i)
            if (cuts[i + 1] - cuts[i] >= kShortest) join_part(cuts[i], cuts[i + 1], lag);
    }

    /// What is heard twice or more, by beginning.
    std::vector<Occurrence> finish() {
        auto all = joined();
        while (unite_followers(all)) all = joined();
        std::map<std::size_t, std::size_t> times;
        for (const Occurrence& one : all) ++times[one.sound];
        std::erase_if(all, [&](const Occurrence& one) { return times[one.sound] < 2; });
        return all;
    }

  private:
    struct Stretch {
        std::size_t end;
        std::size_t sound;
    };
    using Stretches = std::map<std::size_t, Stretch>;

    std::size_t root(std::size_t sound) const {
        while (same_as_[sound] != sound) sound = same_as_[sound];
        return sound;
    }

    Stretches::const_iterator at(std::size_t bucket) const {
        const auto after = stretches_.upper_bound(bucket);
        if (after == stretches_.begin()) return stretches_.end();
        const auto before = std::prev(after);
        return before->second.end > bucket ? before : stretches_.end();
    }

    /// Where a stretch on either side begins or ends.
    std::vector<std::size_t> cuts_of(std::size_t begin, std::size_t end, std::size_t lag) const {
        std::vector<std::size_t> cuts{begin, end};
        for (const auto& [first, stretch] : stretches_) {
            for (const std::size_t border : {first, stretch.end}) {
                if (border > begin && border < end) cuts.push_back(border);
                if (border + lag > begin && border + lag < end) cuts.push_back(border + lag);
            }
        }
        std::sort(cuts.begin(), cuts.end());
        return cuts;
    }

    /// Two songs may have a short part in common, such as the same talk over them.
    static bool is_much_of(const Stretches::value_type& stretch, std::size_t buckets) {
        return buckets >= kLong || 3 * buckets >= stretch.second.end - stretch.first;
    }

    /// Whether the sound is heard so near [begin, end) that this would be a song that repeats itself.
    bool is_beside(std::size_t sound, std::size_t begin, std::size_t end) const {
        const auto together = [&](std::size_t bucket) { return piece_at(pieces_, bucket).together_from; };
        for (auto one = stretches_.begin(); one != stretches_.end() && one->first < end + kBeside; ++one) {
            if (root(one->second.sound) == root(sound) && one->second.end + kBeside > begin &&
                together(one->first) == together(begin))
                return true;
        }
        return false;
    }

    /// Nothing begins or ends within this part.
    void join_part(std::size_t begin, std::size_t end, std::size_t lag) {
        const auto later = at((begin + end) / 2);
        const auto earlier = at((begin + end) / 2 - lag);
        if (later != stretches_.end() && earlier != stretches_.end()) {
            if (is_much_of(*later, end - begin) && is_much_of(*earlier, end - begin))
                same_as_[root(later->second.sound)] = root(earlier->second.sound);
            return;
        }
        if (later != stretches_.end() && is_beside(later->second.sound, begin - lag, end - lag)) return;
        if (earlier != stretches_.end() && is_beside(earlier->second.sound, begin, end)) return;
        std::size_t sound = same_as_.size();
        if (later != stretches_.end()) sound = later->second.sound;
        else if (earlier != stretches_.end()) sound = earlier->second.sound;
        else same_as_.push_back(sound);
        if (earlier == stretches_.end()) stretches_[begin - lag] = {end - lag, sound};
        if (later == stretches_.end()) stretches_[begin] = {end, sound};
    }

    /// Stretches of one sound that touch are one.
    std::vector<Occurrence> joined() const {
        std::vector<Occurrence> all;
        for (const auto& [begin, stretch] : stretches_) {
            const std::size_t sound = root(stretch.sound);
            if (!all.empty() && all.back().sound == sound && begin <= all.back().end + kTouching)
                all.back().end = stretch.end;
            else all.push_back({begin, stretch.end, sound});
        }
        return all;
    }

    /// A song that is sometimes cut short becomes two sounds, of which one always follows the other. Makes them one.
    bool unite_followers(const std::vector<Occurrence>& all) {
        std::map<std::size_t, std::size_t> times;
        std::map<std::pair<std::size_t, std::size_t>, std::size_t> following;
        for (std::size_t i = 0; i < all.size(); ++i) {
            ++times[all[i].sound];
            if (i > 0 && all[i].begin <= all[i - 1].end + kTouching) ++following[{all[i - 1].sound, all[i].sound}];
        }
        for (const auto& [pair, count] : following) {
            const auto [fewer, more] = std::minmax(times[pair.first], times[pair.second]);
            if (fewer < 2 || count < fewer || 2 * fewer < more) continue;
            same_as_[pair.second] = pair.first;
            return true;
        }
        return false;
    }

    std::span<const Piece> pieces_;
    Stretches stretches_;               ///< by beginning
    std::vector<std::size_t> same_as_;  ///< of each sound: one that it was united with, or itself
};

}  // namespace

std::vector<Occurrence> sounds_of(std::vector<Repeat> repeats, std::span<const Piece> pieces) {
    std::stable_sort(repeats.begin(), repeats.end(),
                     [](const Repeat& a, const Repeat& b) { return a.weight > b.weight; });
    SoundMap map(pieces);
    for (const Repeat& repeat : repeats) {
        constexpr std::size_t kBucket = fingerprint::kBucketFrames;
        const std::size_t lag = (repeat.lag_frames + kBucket / 2) / kBucket;
        const Piece& earlier = piece_at(pieces, (repeat.begin + repeat.end) / 2 - lag);
        const std::size_t begin = std::max(repeat.begin, earlier.begin + lag);
        const std::size_t end = std::min({repeat.end, earlier.end + lag, begin + lag});
        if (end >= begin + kShortest) map.join(begin, end, lag);
    }
    return map.finish();
}

}  // namespace audio_ident::timeline
