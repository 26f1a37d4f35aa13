#include "timeline/repeats.hpp"

#include <algorithm>
#include <limits>

#include "timeline/landmark_index.hpp"
#include "timeline/line.hpp"
#include "timeline/repeat_run.hpp"

namespace audio_ident::timeline {

namespace {

using fingerprint::kBucketFrames;
using fingerprint::Landmark;

constexpr auto kLeastLag = static_cast<std::uint32_t>(kLeastRepeatSeconds * fingerprint::kFramesPerSecond);
constexpr std::size_t kWindow = 4;         // buckets: 2 s
constexpr std::size_t kBudget = 60'000;    // postings of a window: the rarest keys come first
constexpr std::uint32_t kGrain = 4;        // frames of lag that are counted as one
constexpr std::uint16_t kLeastVotes = 5;   // of a window, in three grains
constexpr std::size_t kMostClusters = 12;  // of a window
constexpr std::uint32_t kDrift = 6;        // frames of lag from one agreeing window to the next
constexpr std::size_t kLeastRunVotes = 12;
constexpr std::uint32_t kPause = 15 * 62;  // frames without votes that end a run
constexpr std::size_t kReach = 60;         // buckets beyond a run that may belong to it
constexpr std::size_t kShortest = 5;       // buckets: 2.5 s
constexpr float kLeastWeight = 24;

/// Finds the lags that a window's landmarks agree on.
class LagFinder {
  public:
    explicit LagFinder(const PeakBuckets& tape)
        : tape_(tape), index_(tape), counts_(tape.size() * kBucketFrames / kGrain + 3) {}

    struct Cluster {
        std::uint32_t lag = 0;
        std::size_t votes = 0;
    };
    /// For the window of buckets [first, end) of a piece. The most votes first.
    std::vector<Cluster> clusters(std::size_t first, std::size_t end, const Piece& piece) {
        gather(first, end, static_cast<std::uint32_t>(piece.together_from * kBucketFrames));
        for (const std::uint32_t lag : lags_) count(lag) += count(lag) < std::numeric_limits<std::uint16_t>::max();
        agreeing_.clear();
        for (const std::uint32_t lag : lags_) {
            const auto* middle = &count(lag);
            if (middle[-1] + middle[0] + middle[1] >= kLeastVotes) agreeing_.push_back(lag);
        }
        for (const std::uint32_t lag : lags_) count(lag) = 0;
        std::sort(agreeing_.begin(), agreeing_.end());
        return clusters_of_agreeing();
    }

  private:
    struct Found {
        std::span<const std::uint32_t> frames;
        std::uint32_t frame;
    };

    std::uint16_t& count(std::uint32_t lag) { return counts_[lag / kGrain + 1]; }

    void gather(std::size_t first, std::size_t end, std::uint32_t together_from) {
        found_.clear();
        lags_.clear();
        for (const Landmark& landmark : landmarks_in(tape_, first, end)) {
            const auto frames =
                index_.find(std::max(landmark.key, 1U) - 1, std::min(landmark.key + 1, fingerprint::kKeys - 1));
            found_.push_back({frames, landmark.frame});
        }
        std::stable_sort(found_.begin(), found_.end(),
                         [](const Found& a, const Found& b) { return a.frames.size() < b.frames.size(); });
        std::size_t left = kBudget;
        for (const auto& [frames, frame] : found_) {
            if (frames.size() > left) break;
            left -= frames.size();
            for (const std::uint32_t other : frames)
                if (other < together_from || other + kLeastLag <= frame) lags_.push_back(frame - other);
        }
        std::erase_if(lags_, [&](std::uint32_t lag) { return lag / kGrain + 2 >= counts_.size(); });
    }

    std::vector<Cluster> clusters_of_agreeing() const {
        constexpr std::uint32_t kApart = 2;
        std::vector<Cluster> clusters;
        for (std::size_t i = 0; i < agreeing_.size();) {
            std::size_t end = i + 1;
            while (end < agreeing_.size() && agreeing_[end] - agreeing_[end - 1] <= kApart) ++end;
            if (end - i >= kLeastVotes) clusters.push_back({agreeing_[(i + end) / 2], end - i});
            i = end;
        }
        std::stable_sort(clusters.begin(), clusters.end(),
                         [](const Cluster& a, const Cluster& b) { return a.votes > b.votes; });
        if (clusters.size() > kMostClusters) clusters.resize(kMostClusters);
        return clusters;
    }

    const PeakBuckets& tape_;
    LandmarkIndex index_;
    std::vector<std::uint16_t> counts_;  ///< by lag
    std::vector<Found> found_;
    std::vector<std::uint32_t> lags_;
    std::vector<std::uint32_t> agreeing_;
};

void extend(std::vector<Run>& runs, const LagFinder::Cluster& cluster, std::uint32_t frame) {
    const auto away = [&](const Run& run) {
        const std::uint32_t lag = run.lags.back().lag;
        return lag > cluster.lag ? lag - cluster.lag : cluster.lag - lag;
    };
    const auto nearest =
        std::min_element(runs.begin(), runs.end(), [&](const Run& a, const Run& b) { return away(a) < away(b); });
    if (nearest == runs.end() || away(*nearest) > kDrift) {
        runs.push_back({{{frame, cluster.lag}}, cluster.votes});
        return;
    }
    if (nearest->lags.back().frame == frame) return;  // the better cluster of this window has it
    nearest->lags.push_back({frame, cluster.lag});
    nearest->votes += cluster.votes;
}

/// Where the run is heard, if it is.
void close(const PeakBuckets& tape, const Piece& piece, const Run& run, std::vector<Repeat>& repeats) {
    if (run.votes < kLeastRunVotes) return;
    const std::size_t first = run.lags.front().frame / kBucketFrames;
    const std::size_t last = run.lags.back().frame / kBucketFrames;
    const std::size_t begin = std::max(piece.begin + kReach, first) - kReach;
    const std::size_t end = std::min(piece.end, last + kReach);
    const Stretch best = strongest_stretch(evidence_of(tape, run, begin, end));
    if (best.weight < kLeastWeight || best.cells.end - best.cells.begin < Cell{kShortest}) return;
    const auto middle = static_cast<std::uint32_t>((best.cells.begin + best.cells.end) / 2 * Cell{kBucketFrames});
    repeats.push_back({static_cast<std::size_t>(best.cells.begin), static_cast<std::size_t>(best.cells.end),
                       run.lag_at(middle), best.weight});
}

}  // namespace

std::vector<Repeat> find_repeats(const PeakBuckets& tape, std::span<const Piece> pieces, const std::stop_token& stop) {
    std::vector<Repeat> repeats;
    const auto is_new = [](const Piece& piece) { return piece.compared_until < piece.end; };
    if (std::none_of(pieces.begin(), pieces.end(), is_new)) return repeats;
    LagFinder finder(tape);
    for (const Piece& piece : pieces) {
        std::vector<Run> runs;
        for (std::size_t first = std::max(piece.begin, piece.compared_until); first < piece.end; first += kWindow) {
            if (stop.stop_requested()) return repeats;
            const std::size_t end = std::min(piece.end, first + kWindow);
            const auto frame = static_cast<std::uint32_t>((first + end) / 2 * kBucketFrames);
            for (const auto& cluster : finder.clusters(first, end, piece)) extend(runs, cluster, frame);
            std::erase_if(runs, [&](const Run& run) {
                if (frame - run.lags.back().frame <= kPause) return false;
                close(tape, piece, run, repeats);
                return true;
            });
        }
        for (const Run& run : runs) close(tape, piece, run, repeats);
    }
    return repeats;
}

}  // namespace audio_ident::timeline
