#include "monitor/unknown_sounds/sound_finder.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "timeline/unknowns.hpp"

namespace audio_ident::monitor {
namespace {

using catalog::SoundPlayRow;
using std::chrono::seconds;
using timeline::Gap;
using timeline::GapKind;

constexpr double kShortest = 3;                        // seconds of a sound
constexpr double kMostUnheard = 20;                    // seconds of a track before its play was noticed
constexpr std::chrono::milliseconds kBesidePlay{500};  // that belong to the play
constexpr seconds kAdjacent{2};                        // from a sound to a play
constexpr seconds kGoesOn{3};                          // before the end of what is settled
constexpr seconds kCompareAgain{30};                   // what a later beginning can add to a sound
constexpr seconds kSame{1};                            // borders of a play
constexpr double kCovered = 0.8;                       // of a play of another sound, that makes it this one's

struct Stretch {
    Timestamp begin{};
    Timestamp end{};

    double length() const { return std::chrono::duration<double>(end - begin).count(); }
};

Timestamp::duration of_seconds(double value) {
    return std::chrono::duration_cast<Timestamp::duration>(std::chrono::duration<double>(value));
}

double overlap(const Stretch& a, const Stretch& b) {
    return std::max(0.0, Stretch{std::max(a.begin, b.begin), std::min(a.end, b.end)}.length());
}

Stretch stretch_of(const SoundPlayRow& play) {
    return {play.started_at, play.ended_at};
}

/// Where tracks of the library are heard, in order, without overlaps.
std::vector<Stretch> covered_by(const std::vector<catalog::PlayRow>& plays) {
    std::vector<Stretch> all;
    for (const auto& play : plays) all.push_back({play.started_at - kBesidePlay, play.ended_at + kBesidePlay});
    std::ranges::sort(all, {}, &Stretch::begin);
    std::vector<Stretch> covered;
    for (const auto& one : all) {
        if (covered.empty() || one.begin > covered.back().end) covered.push_back(one);
        else covered.back().end = std::max(covered.back().end, one.end);
    }
    return covered;
}

/// What of the stretch is not covered.
std::vector<Stretch> rest_of(Stretch stretch, const std::vector<Stretch>& covered) {
    std::vector<Stretch> rest;
    for (const auto& one : covered) {
        if (one.end <= stretch.begin) continue;
        if (one.begin >= stretch.end) break;
        if (one.begin > stretch.begin) rest.push_back({stretch.begin, one.begin});
        stretch.begin = one.end;
    }
    if (stretch.begin < stretch.end) rest.push_back(stretch);
    return rest;
}

/// A sound of this search: where it is heard, in order.
using Cluster = std::vector<Stretch>;

/// Looks for clusters in the pieces of a station.
class Search {
  public:
    explicit Search(const HeardHours& hours) : hours_(hours), covered_(covered_by(hours.plays)) {
        for (const auto& piece : hours_.pieces) {
            const auto end = end_of(piece);
            // A server sends some seconds again after an interruption.
            add(piece, {std::max(piece.begin, heard_until_), std::min(end, hours_.settled_until)});
            heard_until_ = std::max(heard_until_, end);
        }
    }

    std::vector<Cluster> clusters(const std::stop_token& stop) {
        std::map<std::uint32_t, Cluster> by_number;
        const auto all = unknowns_.gaps(stop);
        for (std::size_t i = 0; i < all.size(); ++i) {
            for (const Gap& gap : all[i]) {
                if (gap.times_heard < 2) continue;
                const auto begin = hours_.pieces[i].begin;
                note({begin + of_seconds(gap.where.begin), begin + of_seconds(gap.where.end)}, by_number[gap.number]);
            }
        }
        std::vector<Cluster> found;
        for (auto& [number, cluster] : by_number) {
            if (cluster.size() >= 2 && !begins_a_track(cluster)) found.push_back(std::move(cluster));
        }
        return found;
    }

    Timestamp compared_until() const {
        return goes_on_.value_or(std::min(hours_.settled_until, heard_until_)) - kCompareAgain;
    }

  private:
    void add(const HeardPiece& piece, const Stretch& heard) {
        timeline::Timeline timeline;
        const auto seconds_at = [&](Timestamp at) { return std::chrono::duration<double>(at - piece.begin).count(); };
        for (const auto& gap : rest_of(heard, covered_))
            timeline.gaps.push_back({{seconds_at(gap.begin), seconds_at(gap.end)}, GapKind::unknown});
        unknowns_.add(piece.sound, timeline, seconds_at(std::max(piece.begin, hours_.compared_until)));
    }

    void note(const Stretch& heard, Cluster& cluster) {
        if (hours_.settled_until - heard.end < kGoesOn) {
            goes_on_ = std::min(goes_on_.value_or(heard.begin), heard.begin);
            return;
        }
        if (heard.length() < kShortest) return;
        if (!cluster.empty() && is_one_with(cluster.back(), heard)) return;
        cluster.push_back(heard);
    }

    /// A play is noticed some seconds late: what comes before each play of one track may be its beginning.
    bool begins_a_track(const Cluster& cluster) const {
        std::optional<TrackId> track;
        return std::ranges::all_of(cluster, [&](const Stretch& heard) {
            const auto next = std::ranges::find_if(hours_.plays, [&](const catalog::PlayRow& play) {
                const double unheard = play.place_seconds / play.speed;
                const auto away = play.started_at - heard.end;
                return away < kAdjacent && away > -kAdjacent && unheard < kMostUnheard &&
                       heard.length() < unheard + 1 && (!track || *track == play.track);
            });
            if (next == hours_.plays.end()) return false;
            track = next->track;
            return true;
        });
    }

    /// A song repeats itself, and a server what it sent: nothing known lies between.
    bool is_one_with(const Stretch& earlier, const Stretch& later) const {
        if (later.begin - earlier.begin >= of_seconds(timeline::kLeastRepeatSeconds)) return false;
        return std::ranges::none_of(
            covered_, [&](const Stretch& play) { return play.end > earlier.end && play.begin < later.begin; });
    }

    const HeardHours& hours_;
    std::vector<Stretch> covered_;
    timeline::Unknowns unknowns_;
    Timestamp heard_until_{};
    std::optional<Timestamp> goes_on_;  ///< where a sound begins that may not have ended
};

/// Gives clusters the sounds that they are, and says what has to be stored.
class Naming {
  public:
    explicit Naming(const HeardHours& hours) : hours_(hours) {
        for (const auto& sound : hours.known) {
            next_number_ = std::max(next_number_, sound.row.number + 1);
            plays_[sound.row.id] = sound.plays;
        }
    }

    catalog::SoundChanges changes(const std::vector<Cluster>& clusters) {
        const auto owners = owners_of(clusters);
        std::vector<std::size_t> order(clusters.size());
        for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
        std::ranges::sort(order, {}, [&](std::size_t i) { return clusters[i].front().begin; });
        for (const std::size_t i : order) store(clusters[i], owners[i]);
        for (const auto& [sound, plays] : plays_) {
            const auto row = std::ranges::find(hours_.known, sound, [](const auto& known) { return known.row.id; });
            if (plays <= 0 && row != hours_.known.end() && row->plays > 0 && !row->row.track)
                changes_.removed.push_back(sound);
        }
        return std::move(changes_);
    }

  private:
    using Known = const catalog::CountedSound*;

    /// Which known sound each cluster is: those that share most time first, each at most once.
    std::vector<Known> owners_of(const std::vector<Cluster>& clusters) const {
        struct Shared {
            double seconds;
            std::size_t cluster;
            Known known;
        };
        std::vector<Shared> shared;
        for (std::size_t i = 0; i < clusters.size(); ++i) {
            for (const auto& known : hours_.known) {
                const double together = seconds_together(clusters[i], known.row.id);
                if (together > 0) shared.push_back({together, i, &known});
            }
        }
        std::ranges::stable_sort(shared, std::ranges::greater(), &Shared::seconds);
        std::vector<Known> owners(clusters.size());
        for (const auto& one : shared) {
            if (owners[one.cluster] || std::ranges::find(owners, one.known) != owners.end()) continue;
            owners[one.cluster] = one.known;
        }
        return owners;
    }

    double seconds_together(const Cluster& cluster, const Uuid& sound) const {
        double together = 0;
        for (const auto& play : hours_.sounded) {
            if (play.sound != sound) continue;
            for (const auto& heard : cluster) together += overlap(stretch_of(play), heard);
        }
        return together;
    }

    void store(const Cluster& cluster, Known known) {
        catalog::SoundRow row;
        if (known) {
            row = known->row;
        } else {
            row.id = Uuid::random();
            row.monitor = hours_.monitor;
            row.number = next_number_++;
            row.first_heard_at = cluster.front().begin;
        }
        const auto before = row;
        for (const auto& heard : cluster) {
            row.first_heard_at = std::min(row.first_heard_at, heard.begin);
            row.last_heard_at = std::max(row.last_heard_at, heard.begin);
            row.seconds = std::max(row.seconds, heard.length());
            put(row.id, heard);
            take_from_others(row.id, heard);
        }
        if (!known || row != before) changes_.put.push_back(row);
    }

    /// A play is only ever made longer: a later one may have been cut short or talked over.
    void put(const Uuid& sound, const Stretch& heard) {
        for (const auto& play : hours_.sounded) {
            const auto stored = stretch_of(play);
            if (play.sound != sound || overlap(stored, heard) <= 0) continue;
            const bool contains = heard.begin <= stored.begin + kSame && heard.end >= stored.end - kSame;
            if (contains && heard.length() > stored.length() + 1)
                changes_.plays.push_back({play.id, sound, heard.begin, heard.end});
            return;
        }
        ++plays_[sound];
        changes_.plays.push_back({Uuid::random(), sound, heard.begin, heard.end});
    }

    /// In a stretch of time one sound is heard.
    void take_from_others(const Uuid& sound, const Stretch& heard) {
        for (const auto& play : hours_.sounded) {
            const auto stored = stretch_of(play);
            if (play.sound == sound || overlap(stored, heard) <= kCovered * stored.length()) continue;
            if (std::ranges::find(changes_.removed_plays, play.id) != changes_.removed_plays.end()) continue;
            changes_.removed_plays.push_back(play.id);
            --plays_[play.sound];
        }
    }

    const HeardHours& hours_;
    std::int64_t next_number_ = 1;
    std::map<Uuid, std::int64_t> plays_;  ///< of each sound, in the end
    catalog::SoundChanges changes_;
};

}  // namespace

FoundSounds find_sounds(const HeardHours& hours, const std::stop_token& stop) {
    Search search(hours);
    const auto clusters = search.clusters(stop);
    if (stop.stop_requested()) return {{}, hours.compared_until};
    return {Naming(hours).changes(clusters), std::max(hours.compared_until, search.compared_until())};
}

}  // namespace audio_ident::monitor
