#include "search/judged.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "search/projection.hpp"

namespace audio_ident::search {

namespace {

using fingerprint::Clip;
using fingerprint::Peak;

constexpr int kHit = 40;             // the map value of one unit of contrast
constexpr double kSpanFrames = 31;   // half a second
constexpr float kSpanAgrees = 1.5F;  // a half second with this z agrees

// The sharpness compares with the offsets from 5 to 37 frames (80 to 600 ms) away, and with pitches 2 to 10 % off.
constexpr double kAwayFrom = 5;
constexpr double kAwayTo = 37;
constexpr double kAwayStep = 1.5;
constexpr float kPitchAwayFrom = 0.02F;
constexpr float kPitchAwayTo = 0.1F;
constexpr float kPitchAwayStep = 0.01F;
constexpr float kLeastDeviation = 0.7F;  // a few values elsewhere may be alike by chance

/// Mean and deviation of z at offsets or pitches where the clip does not fit.
class Elsewhere {
  public:
    void add(float z) {
        sum_ += double(z);
        squares_ += double(z) * double(z);
        ++count_;
    }
    float deviations_of(float z) const {
        const double mean = sum_ / count_;
        const double deviation = std::sqrt(std::max(0.0, squares_ / count_ - mean * mean));
        return static_cast<float>((double(z) - mean) / std::max(deviation, double(kLeastDeviation)));
    }

  private:
    double sum_ = 0;
    double squares_ = 0;
    int count_ = 0;
};

/// Sum of the map values under the peaks of one part of the clip.
struct Sum {
    std::int64_t value = 0;
    std::uint32_t peaks = 0;
};

/// The evidence of each part of the clip.
struct Parts {
    std::uint32_t hits = 0;
    std::array<Sum, 4> quarters;  ///< earlier, later; lower, higher
    std::vector<Sum> half_seconds;
};

Parts parts_of(const Comparison& comparison, const Projection& projection) {
    constexpr std::uint16_t kMiddleBin = 200;  // half of all peaks are below this bin
    const double span_rows = kSpanFrames * comparison.rows_per_frame();
    const auto middle_row = static_cast<float>(comparison.rows()) / 2;
    Parts parts;
    parts.half_seconds.resize(static_cast<std::size_t>(comparison.rows() / span_rows) + 1);
    for (const Projection::Target& target : projection.targets()) {
        if (!projection.is_inside(target)) continue;
        const int value = projection.value_at(target);
        if (value >= kHit) ++parts.hits;
        for (Sum* sum :
             {&parts.quarters[target.row < middle_row ? 0 : 1], &parts.quarters[target.bin < kMiddleBin ? 2 : 3],
              &parts.half_seconds[static_cast<std::size_t>(double(target.row) / span_rows)]}) {
            sum->value += value;
            ++sum->peaks;
        }
    }
    return parts;
}

float balance_of(const Parts& parts, const Clip& clip, float z) {
    const auto z_of = [&](const Sum& sum) { return in_deviations(sum.value, clip, sum.peaks + kFewPeaks / 4); };
    float weakest = z_of(parts.quarters[0]);
    for (const Sum& quarter : parts.quarters) weakest = std::min(weakest, z_of(quarter));
    return std::clamp(weakest / std::max(z, 1.0F), -1.0F, 1.0F);
}

float coherence_of(const Parts& parts, const Clip& clip) {
    constexpr std::uint32_t kEnoughPeaks = 5;
    int counted = 0;
    int agreeing = 0;
    for (const Sum& half_second : parts.half_seconds) {
        if (half_second.peaks < kEnoughPeaks) continue;
        ++counted;
        if (in_deviations(half_second.value, clip, half_second.peaks) > kSpanAgrees) ++agreeing;
    }
    return counted == 0 ? 0.0F : static_cast<float>(agreeing) / static_cast<float>(counted);
}

/// Each half second's z, judged together with its neighbours; negative infinity where the track has no peaks.
std::vector<float> smoothed(std::span<const Sum> half_seconds, const Clip& clip) {
    std::vector<float> smooth(half_seconds.size(), -std::numeric_limits<float>::infinity());
    for (std::size_t i = 0; i < half_seconds.size(); ++i) {
        if (half_seconds[i].peaks == 0) continue;
        Sum around;
        for (std::size_t j = i == 0 ? 0 : i - 1; j < std::min(i + 2, half_seconds.size()); ++j) {
            around.value += half_seconds[j].value;
            around.peaks += half_seconds[j].peaks;
        }
        smooth[i] = in_deviations(around.value, clip, around.peaks);
    }
    return smooth;
}

/// The stretches that agree: not far less than the best of them, so that what fits by chance beside a clear match does
/// not count. A gap of one half second is noise.
std::vector<Span> spans_of(const Parts& parts, const Clip& clip) {
    constexpr float kOfTheBest = 0.2F;
    const std::vector<float> smooth = smoothed(parts.half_seconds, clip);
    if (smooth.empty()) return {};
    const float agrees = std::max(kSpanAgrees, kOfTheBest * *std::ranges::max_element(smooth));
    const double seconds = kSpanFrames / fingerprint::kFramesPerSecond;
    std::vector<Span> spans;
    for (std::size_t i = 0; i < smooth.size(); ++i) {
        if (smooth[i] <= agrees) continue;
        const double begin = double(i) * seconds;
        const double end = std::min(begin + seconds, clip.seconds());
        if (!spans.empty() && begin - spans.back().end < 1.5 * seconds) spans.back().end = end;
        else spans.push_back({begin, end});
    }
    return spans;
}

constexpr double kReach = 1.5;  // in frames and in bins: so near, a peak of the clip lies on one of the track

/// At which bins a stretch of a track has its peaks.
class Band {
  public:
    explicit Band(std::span<const Peak> peaks) {
        if (peaks.empty()) return;
        frames_ = 1 + double(peaks.back().frame) - double(peaks.front().frame);
        for (const Peak& peak : peaks) ++peaks_at_[peak.bin];
        const double outside = kOutside * double(peaks.size());
        double below = 0;
        for (std::size_t bin = 0; bin < peaks_at_.size(); ++bin) {
            if (below <= outside) first_ = double(bin);
            if (below < double(peaks.size()) - outside) last_ = double(bin);
            below += peaks_at_[bin];
        }
    }

    bool has(double bin) const { return bin >= first_ - 0.5 && bin <= last_ + 0.5; }
    /// The share of the frames in which a peak at this bin would lie on one of the track's. Peaks of a track that are
    /// so close in frequency are farther apart in time, so none is counted twice.
    double chance(double bin) const {
        const auto nearest = static_cast<std::size_t>(bin + 0.5);
        double near = 0;
        for (std::size_t at = nearest == 0 ? 0 : nearest - 1; at < std::min(nearest + 2, peaks_at_.size()); ++at)
            near += peaks_at_[at];
        return 2 * kReach * near / frames_;
    }

  private:
    static constexpr double kOutside = 0.1;  // share of the peaks on either side of the band

    std::array<std::uint16_t, fingerprint::kBins> peaks_at_{};
    double frames_ = 1;
    double first_ = fingerprint::kBins;
    double last_ = 0;
};

bool has_peak_at(std::span<const Peak> peaks, double frame, double bin) {
    auto peak = std::lower_bound(peaks.begin(), peaks.end(), frame - kReach,
                                 [](const Peak& p, double at) { return double(p.frame) < at; });
    for (; peak != peaks.end() && double(peak->frame) <= frame + kReach; ++peak) {
        if (std::abs(double(peak->bin) - bin) <= kReach) return true;
    }
    return false;
}

/// The share of the clip's strongest peaks that lie on a peak of the track; or of those in the track's own band, less
/// what chance gives there, if that is more. Most peaks of a noisy clip of dark music are noise above the music.
float explained_share(const Comparison& comparison, std::span<const Peak> peaks, const Placement& placement) {
    constexpr double kFirst = fingerprint::kFirstBin;
    const Band band(peaks);
    double explained = 0;
    double inside = 0;
    double explained_in_band = 0;
    double in_band = 0;
    for (const fingerprint::ClipPeak& peak : comparison.strongest()) {
        const double bin = (double(peak.bin) + kFirst) / double(placement.transform.pitch) - kFirst;
        if (bin < 0 || bin >= fingerprint::kBins) continue;
        const double frame = placement.offset_frames + double(peak.frame) * double(placement.transform.time);
        const double is_explained = has_peak_at(peaks, frame, bin) ? 1 : 0;
        ++inside;
        explained += is_explained;
        if (!band.has(bin)) continue;
        ++in_band;
        explained_in_band += is_explained - band.chance(bin);
    }
    return static_cast<float>(std::max(explained / std::max(1.0, inside), explained_in_band / std::max(1.0, in_band)));
}

float sharpness_of(const Comparison& comparison, const Projection& projection, float z) {
    Elsewhere offsets;
    for (double away = kAwayFrom; away <= kAwayTo; away += kAwayStep) {
        for (const int side : {-1, 1})
            offsets.add(projection.score(static_cast<float>(side * away * comparison.rows_per_frame())).z);
    }
    return offsets.deviations_of(z);
}

float pitch_sharpness_of(const Comparison& comparison, std::span<const Peak> peaks, const Placement& placement) {
    Elsewhere pitches;
    for (float away = kPitchAwayFrom; away < kPitchAwayTo + kPitchAwayStep / 2; away += kPitchAwayStep) {
        for (const float side : {-1.0F, 1.0F}) {
            fingerprint::Transform other = placement.transform;
            other.pitch *= 1 + side * away;
            pitches.add(
                Projection(comparison.clip(), peaks, placement.offset_frames, other, comparison.all_rows()).score().z);
        }
    }
    return pitches.deviations_of(placement.z);
}

/// The track's peaks that the clip clearly has too.
std::vector<Projection::Target> hits_of(const Comparison& comparison, const Judged& match) {
    const auto peaks = comparison.peaks_under(match.track, match.offset_frames, 1, double(match.transform.time));
    const Projection projection(comparison.clip(), peaks, match.offset_frames, match.transform, comparison.all_rows());
    std::vector<Projection::Target> hits;
    for (const Projection::Target& target : projection.targets()) {
        if (projection.is_inside(target) && projection.value_at(target) >= kHit) hits.push_back(target);
    }
    return hits;
}

}  // namespace

Judged judge(const Comparison& comparison, const Placement& placement) {
    const Clip& clip = comparison.clip();
    const auto peaks =
        comparison.peaks_under(placement.track, placement.offset_frames, kAwayTo + 1, double(placement.transform.time));
    const Projection projection(clip, peaks, placement.offset_frames, placement.transform, comparison.all_rows());
    const Parts parts = parts_of(comparison, projection);
    Judged judged;
    static_cast<Placement&>(judged) = placement;
    judged.sharpness = sharpness_of(comparison, projection, placement.z);
    judged.pitch_sharpness = pitch_sharpness_of(comparison, peaks, placement);
    judged.hits = parts.hits;
    judged.coherence = coherence_of(parts, clip);
    judged.balance = balance_of(parts, clip, placement.z);
    judged.explained = explained_share(comparison, peaks, placement);
    judged.spans = spans_of(parts, clip);
    return judged;
}

bool is_other_version(const Comparison& comparison, const Judged& lesser, const Judged& better) {
    constexpr float kWorse = 0.8F;  // worse means a z below this share of the better one's z
    constexpr double kMostly = 0.6;
    if (lesser.z >= kWorse * better.z) return false;
    const auto known = hits_of(comparison, better);
    const auto hits = hits_of(comparison, lesser);
    // Peaks of two tracks are the same when they are at most two rows and one bin apart.
    const auto shared = std::count_if(hits.begin(), hits.end(), [&](const auto& hit) {
        return std::any_of(known.begin(), known.end(), [&](const auto& other) {
            return std::abs(hit.row - other.row) <= 2 && std::abs(int{hit.bin} - int{other.bin}) <= 1;
        });
    });
    return double(shared) > kMostly * double(hits.size());
}

}  // namespace audio_ident::search
