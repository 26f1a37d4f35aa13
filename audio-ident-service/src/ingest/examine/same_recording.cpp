#include "ingest/examine/same_recording.hpp"

#include <algorithm>
#include <cstdlib>
#include <vector>

#include "fingerprint/params.hpp"

namespace audio_ident::ingest {

namespace {

using fingerprint::Peak;
using Frame = std::int64_t;

constexpr Frame kMaxShift = 400;      ///< 6.4 s, a little more than Chromaprint looks for
constexpr Frame kShiftFrames = 1875;  ///< 30 s of sound, which the shift is measured on
constexpr Frame kWindowFrames = 313;  ///< 5 s
constexpr Frame kMaxDrift = 2;        ///< from one window to the next: 0.6 % of speed
constexpr Frame kNearFrames = 1;      ///< how far peaks of the same sound may lie apart
constexpr int kNearBins = 1;
constexpr double kStrongShare = 0.15;  ///< of a window's peaks
constexpr double kAlike = 0.72;        ///< share of strong peaks that windows of the same sound have in common
constexpr double kAlikeOfAll = 0.55;   ///< and of all peaks: a voice in the known recording adds some

constexpr Frame kPieceFrames = 62;    ///< 1 s: the steps in which silence is looked for
constexpr std::size_t kFewPeaks = 8;  ///< in a piece that is as good as silent
constexpr double kQuiet = 0.02;       ///< of the recording's loudest sample: 34 dB below it

constexpr double kMaxExtraSeconds = 1.5;
constexpr double kMaxDifferingShare = 0.01;  ///< no window in 8 minutes

std::span<const Peak> between(std::span<const Peak> peaks, Frame first, Frame end) {
    const auto by_frame = [](const Peak& peak, Frame frame) { return Frame{peak.frame} < frame; };
    const auto from = std::lower_bound(peaks.begin(), peaks.end(), first, by_frame);
    const auto to = std::lower_bound(from, peaks.end(), end, by_frame);
    return {from, to};
}

/// The shift from `a` to `b` at which most peaks of the beginning meet one of the same bin.
Frame best_shift(std::span<const Peak> a, std::span<const Peak> b) {
    if (a.empty()) return 0;
    std::vector<std::uint32_t> votes(2 * kMaxShift + 1);
    auto near = b.begin();
    for (const Peak& peak : between(a, a.front().frame, a.front().frame + kShiftFrames)) {
        const Frame frame = peak.frame;
        while (near != b.end() && near->frame + kMaxShift < frame) ++near;
        for (auto other = near; other != b.end() && other->frame <= frame + kMaxShift; ++other) {
            if (other->bin == peak.bin) ++votes[static_cast<std::size_t>(other->frame - frame + kMaxShift)];
        }
    }
    return std::max_element(votes.begin(), votes.end()) - votes.begin() - kMaxShift;
}

/// The share of these peaks that have one near them in `others`, whose frames are `shift` later.
double met_share(std::span<const Peak> peaks, std::span<const Peak> others, Frame shift) {
    std::size_t met = 0;
    auto near = others.begin();
    for (const Peak& peak : peaks) {
        const Frame frame = peak.frame + shift;
        while (near != others.end() && near->frame + kNearFrames < frame) ++near;
        for (auto other = near; other != others.end() && other->frame <= frame + kNearFrames; ++other) {
            if (std::abs(int{other->bin} - int{peak.bin}) > kNearBins) continue;
            ++met;
            break;
        }
    }
    return peaks.empty() ? 0 : static_cast<double>(met) / static_cast<double>(peaks.size());
}

/// The strongest of these peaks, by frame.
std::vector<Peak> strongest(std::span<const Peak> peaks) {
    std::vector<Peak> strong(peaks.begin(), peaks.end());
    const auto count = static_cast<std::ptrdiff_t>(kStrongShare * static_cast<double>(peaks.size()));
    std::nth_element(strong.begin(), strong.begin() + count, strong.end(),
                     [](const Peak& a, const Peak& b) { return a.strength > b.strength; });
    strong.resize(static_cast<std::size_t>(count));
    std::sort(strong.begin(), strong.end());
    return strong;
}

/// Whether a piece is as good as silent.
bool is_silent(const Recording& recording, Frame first, Frame end) {
    if (between(recording.peaks, first, end).size() < kFewPeaks) return true;
    if (recording.loudness.empty()) return false;
    const auto size = static_cast<Frame>(recording.loudness.size());
    const Frame from = std::clamp<Frame>(first * size / recording.frames, 0, size - 1);
    const Frame to = std::clamp<Frame>(end * size / recording.frames, from, size - 1);
    const auto part =
        recording.loudness.subspan(static_cast<std::size_t>(from), static_cast<std::size_t>(to - from + 1));
    return *std::ranges::max_element(part) <= kQuiet * *std::ranges::max_element(recording.loudness);
}

/// How many frames of a stretch are in pieces with sound.
Frame sounding(const Recording& recording, Frame first, Frame end) {
    Frame frames = 0;
    for (Frame at = first; at < end; at += kPieceFrames) {
        const Frame next = std::min(at + kPieceFrames, end);
        if (!is_silent(recording, at, next)) frames += next - at;
    }
    return frames;
}

double seconds(Frame frames) {
    return static_cast<double>(frames) / fingerprint::kFramesPerSecond;
}

/// Walks over both recordings, and follows a shift that drifts.
class Walk {
  public:
    Walk(const Recording& fresh, const Recording& known)
        : fresh_(fresh), known_(known), shift_(best_shift(fresh.peaks, known.peaks)) {}

    Overlap run() {
        const Frame begin = std::clamp<Frame>(-shift_, 0, fresh_.frames);
        Frame extra = sounding(fresh_, 0, begin) + sounding(known_, 0, std::clamp<Frame>(shift_, 0, known_.frames));
        Frame at = begin;
        while (at < end()) {
            // The last window is longer, not shorter, than the others.
            const Frame next = end() - at < 2 * kWindowFrames ? end() : at + kWindowFrames;
            compare(at, next);
            at = next;
        }
        extra += sounding(fresh_, at, fresh_.frames) + sounding(known_, std::max<Frame>(0, at + shift_), known_.frames);
        overlap_.extra_seconds = seconds(extra);
        return overlap_;
    }

  private:
    Frame end() const { return std::min<Frame>(fresh_.frames, Frame{known_.frames} - shift_); }

    void compare(Frame first, Frame end) {
        const Frame sound = std::max(sounding(fresh_, first, end), sounding(known_, first + shift_, end + shift_));
        if (sound < kPieceFrames) return;
        double& side = alike(first, end) ? overlap_.common_seconds : overlap_.differing_seconds;
        side += seconds(end - first);
    }

    bool alike(Frame first, Frame end) {
        const auto peaks = between(fresh_.peaks, first, end);
        const std::vector<Peak> strong = strongest(peaks);
        double best = 0;
        Frame best_shift = shift_;
        for (Frame by = 0; by <= kMaxDrift; ++by) {
            for (const Frame shift : {shift_ + by, shift_ - by}) {
                const double share = met_share(strong, known_between(first, end, shift), shift);
                if (share <= best) continue;
                best = share;
                best_shift = shift;
            }
        }
        if (best < kAlike || met_share(peaks, known_between(first, end, best_shift), best_shift) < kAlikeOfAll)
            return false;
        shift_ = best_shift;
        return true;
    }

    std::span<const Peak> known_between(Frame first, Frame end, Frame shift) const {
        return between(known_.peaks, first + shift - kNearFrames, end + shift + kNearFrames);
    }

    const Recording& fresh_;
    const Recording& known_;
    Frame shift_;
    Overlap overlap_;
};

}  // namespace

Overlap lay_over(const Recording& fresh, const Recording& known) {
    return Walk(fresh, known).run();
}

bool are_copies(const Overlap& overlap) {
    const double compared = overlap.common_seconds + overlap.differing_seconds;
    return overlap.common_seconds > 0 && overlap.differing_seconds <= kMaxDifferingShare * compared &&
           overlap.extra_seconds <= kMaxExtraSeconds;
}

}  // namespace audio_ident::ingest
