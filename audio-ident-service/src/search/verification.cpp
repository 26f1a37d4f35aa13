#include "search/verification.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

namespace audio_ident::search {

namespace {

using fingerprint::Clip;
using fingerprint::Transform;

constexpr std::uint32_t kFewPeaks = 20;     // keeps a handful of lucky peaks from a high z
constexpr int kHit = 40;                    // map value: one unit of contrast
constexpr double kSpanFrames = 31;          // half a second
constexpr double kStrongestPerSecond = 43;  // of the clip's peaks: as dense as a reference's
constexpr float kSpanAgrees = 1.5F;         // z of a half second

// judge() compares with the offsets from 5 to 37 frames (80 to 600 ms) away, and with pitches 2 to 10 % off.
constexpr double kNullFrom = 5;
constexpr double kNullTo = 37;
constexpr double kNullStep = 1.5;
constexpr float kNullPitchFrom = 0.02F;
constexpr float kNullPitchTo = 0.1F;
constexpr float kNullPitchStep = 0.01F;
constexpr float kLeastDeviation = 0.7F;  // of the null values; a few may be alike by chance

float deviations(std::int64_t sum, const Clip& clip, std::uint32_t count) {
    return static_cast<float>(sum) / (clip.map_deviation() * std::sqrt(static_cast<float>(count)));
}

// What z comes to where the clip does not fit.
class Null {
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

// Where between its neighbours the maximum of three values lies, in [-0.5, 0.5].
double vertex(float before, float middle, float after) {
    const double bend = double(before) - 2.0 * double(middle) + double(after);
    return bend < -1e-6 ? std::clamp(0.5 * double(before - after) / bend, -0.5, 0.5) : 0.0;
}

}  // namespace

std::vector<fingerprint::ClipPeak> Verifier::strongest_peaks(const Clip& clip) {
    const auto peaks = clip.peaks(0);
    std::vector<fingerprint::ClipPeak> strongest(peaks.begin(), peaks.end());
    const auto kept = static_cast<std::size_t>(clip.seconds() * kStrongestPerSecond);
    if (strongest.size() > kept) {
        std::nth_element(strongest.begin(), strongest.begin() + static_cast<std::ptrdiff_t>(kept), strongest.end(),
                         [](const auto& a, const auto& b) { return a.contrast > b.contrast; });
        strongest.resize(kept);
    }
    return strongest;
}

float Verifier::explained_share(double offset_frames, const Transform& transform) const {
    constexpr double kFirst = fingerprint::kFirstBin;
    constexpr double kReach = 1.5;  // frames, and bins
    std::size_t explained = 0;
    std::size_t inside = 0;
    for (const fingerprint::ClipPeak& peak : strongest_) {
        const double bin = (double(peak.bin) + kFirst) / double(transform.pitch) - kFirst;
        if (bin < 0 || bin >= fingerprint::kBins) continue;
        ++inside;
        const double frame = offset_frames + double(peak.frame) * double(transform.time);
        auto other = std::lower_bound(peaks_.begin(), peaks_.end(), frame - kReach,
                                      [](const fingerprint::Peak& p, double at) { return double(p.frame) < at; });
        for (; other != peaks_.end() && double(other->frame) <= frame + kReach; ++other) {
            if (std::abs(double(other->bin) - bin) > kReach) continue;
            ++explained;
            break;
        }
    }
    return inside == 0 ? 0.0F : static_cast<float>(explained) / static_cast<float>(inside);
}

void Verifier::load(const index::Location& track, double offset_frames, double margin_frames, double time) {
    const double length = double(clip_.rows()) / rows_per_frame_ * time;
    const double first = std::max(0.0, offset_frames - margin_frames);
    const double end = std::min(double(track.frames), offset_frames + length + margin_frames);
    peaks_.clear();
    if (end > first)
        snapshot_.peaks(track.track, static_cast<std::uint32_t>(first), static_cast<std::uint32_t>(end), peaks_);
}

void Verifier::project(double offset_frames, const Transform& transform) {
    constexpr auto kFirst = static_cast<float>(fingerprint::kFirstBin);
    const double rows_per_frame = rows_per_frame_ / double(transform.time);
    targets_.clear();
    for (const fingerprint::Peak& peak : peaks_) {
        const float bin = (static_cast<float>(peak.bin) + kFirst) * transform.pitch - kFirst + 0.5F;
        if (bin < 0 || bin >= static_cast<float>(fingerprint::kBins)) continue;
        targets_.push_back({static_cast<float>((double(peak.frame) - offset_frames) * rows_per_frame + 0.5),
                            static_cast<std::uint16_t>(bin)});
    }
}

Verifier::Score Verifier::score(float shift_rows) const {
    const auto first = static_cast<float>(first_row_);
    const auto end = static_cast<float>(end_row_);
    std::int64_t sum = 0;
    std::uint32_t count = 0;
    for (const Target& target : targets_) {
        const float row = target.row - shift_rows;
        if (row < first || row >= end) continue;
        sum += clip_.row(static_cast<std::size_t>(row))[target.bin];
        ++count;
    }
    return {deviations(sum, clip_, count + kFewPeaks), count};
}

std::array<Verifier::Score, Verifier::kOffsets> Verifier::scores_around() const {
    std::array<std::int32_t, kOffsets> sums{};
    std::array<std::uint32_t, kOffsets> counts{};
    std::uint32_t inside = 0;
    for (const Target& target : targets_) {
        const int row = static_cast<int>(std::floor(target.row));
        if (row - kReachRows >= first_row_ && row + kReachRows < end_row_) {
            const std::int8_t* value = clip_.row(static_cast<std::size_t>(row + kReachRows)) + target.bin;
            for (std::size_t i = 0; i < kOffsets; ++i)
                sums[i] += value[-static_cast<std::ptrdiff_t>(i * Clip::kStride)];
            ++inside;
            continue;
        }
        for (int i = 0; i < static_cast<int>(kOffsets); ++i) {
            const int at = row + kReachRows - i;
            if (at < first_row_ || at >= end_row_) continue;
            sums[static_cast<std::size_t>(i)] += clip_.row(static_cast<std::size_t>(at))[target.bin];
            ++counts[static_cast<std::size_t>(i)];
        }
    }
    std::array<Score, kOffsets> scores;
    for (std::size_t i = 0; i < kOffsets; ++i) {
        const std::uint32_t count = counts[i] + inside;
        scores[i] = {deviations(sums[i], clip_, count + kFewPeaks), count};
    }
    return scores;
}

std::vector<Alignment> Verifier::align(const Candidate& candidate, const Transform& transform) {
    std::vector<Alignment> alignments;
    const double clip_frames = double(clip_.rows()) / rows_per_frame_ * double(transform.time);
    std::optional<std::uint32_t> last_track;
    for (const double part : {0.05, 0.5, 0.95}) {
        const std::int64_t at = candidate.offset + static_cast<std::int64_t>(clip_frames * part);
        if (at < 0) continue;
        const auto location = snapshot_.locate(candidate.segment, static_cast<std::uint32_t>(at));
        if (!location || location->track == last_track) continue;
        last_track = location->track;
        const double offset = double(candidate.offset) - double(location->begin);
        load(*location, offset, kReachRows, double(transform.time));
        project(offset, transform);
        const auto scores = scores_around();
        std::size_t best = 0;
        for (std::size_t i = 0; i < scores.size(); ++i) {
            if (scores[i].z > scores[best].z) best = i;
        }
        double fraction = 0;
        if (best > 0 && best + 1 < scores.size())
            fraction = vertex(scores[best - 1].z, scores[best].z, scores[best + 1].z);
        Alignment alignment;
        alignment.segment = candidate.segment;
        alignment.track = *location;
        alignment.transform = transform;
        alignment.votes = candidate.votes;
        alignment.offset_frames =
            offset + (static_cast<double>(best) - kReachRows + fraction) * double(transform.time) / rows_per_frame_;
        alignment.z = scores[best].z;
        alignment.peaks = scores[best].peaks;
        alignments.push_back(alignment);
    }
    return alignments;
}

void Verifier::climb(Alignment& alignment, bool ratios) {
    // The ratios turn about the clip's middle, so that they move the offset little.
    const double middle_rows = double(clip_.rows()) / 2;
    struct Step {
        float time, pitch;
        double rows;
    };
    static constexpr std::array<Step, 10> kSteps{{{0, 0, 1},
                                                  {0, 0, -1},
                                                  {1, 0, 0},
                                                  {-1, 0, 0},
                                                  {0, 1, 0},
                                                  {0, -1, 0},
                                                  {1, 1, 0},
                                                  {-1, -1, 0},
                                                  {1, 0, 1},
                                                  {-1, 0, -1}}};
    constexpr float kTimeStep = 0.004F;
    constexpr float kPitchStep = 0.003F;
    const auto steps = std::span(kSteps).first(ratios ? kSteps.size() : 2);
    double middle = alignment.offset_frames + middle_rows * double(alignment.transform.time) / rows_per_frame_;
    for (const float scale : {1.0F, 0.5F, 0.25F, 0.125F}) {
        for (int tries = 0; tries < 8; ++tries) {
            Alignment best = alignment;
            double best_middle = middle;
            for (const Step& step : steps) {
                Alignment moved = alignment;
                moved.transform.time *= 1 + step.time * kTimeStep * scale;
                moved.transform.pitch *= 1 + step.pitch * kPitchStep * scale;
                const double moved_middle = middle + step.rows * double(scale) / Clip::kMaxPhases;
                moved.offset_frames = moved_middle - middle_rows * double(moved.transform.time) / rows_per_frame_;
                project(moved.offset_frames, moved.transform);
                const Score found = score(0);
                moved.z = found.z;
                moved.peaks = found.peaks;
                if (moved.z > best.z) {
                    best = moved;
                    best_middle = moved_middle;
                }
            }
            if (best.z <= alignment.z) break;
            alignment = best;
            middle = best_middle;
        }
    }
}

void Verifier::refine(Alignment& alignment) {
    constexpr float kNearOne = 0.006F;
    constexpr float kAsGood = 0.5F;  // of z: what a ratio that follows the noise gains
    load(alignment.track, alignment.offset_frames, 32, double(alignment.transform.time) * 1.02);
    climb(alignment, true);
    const Transform found = alignment.transform;
    Alignment plain = alignment;
    if (std::abs(found.time - 1) < kNearOne) plain.transform.time = 1;
    if (std::abs(found.pitch - 1) < kNearOne) plain.transform.pitch = 1;
    if (plain.transform == found) {
        place_between_rows(alignment);
        return;
    }
    plain.offset_frames += double(clip_.rows()) / 2 * double(found.time - plain.transform.time) / rows_per_frame_;
    project(plain.offset_frames, plain.transform);
    const Score start = score(0);
    plain.z = start.z;
    plain.peaks = start.peaks;
    climb(plain, false);
    if (plain.z > alignment.z - kAsGood) alignment = plain;
    place_between_rows(alignment);
}

void Verifier::place_between_rows(Alignment& alignment) {
    // At the recorded tempo all peaks lie equally far from the next row: z changes from row to row only.
    double offset = alignment.offset_frames;
    if (alignment.transform.time == 1) offset = std::round(offset * rows_per_frame_) / rows_per_frame_;
    project(offset, alignment.transform);
    const auto scores = scores_around();
    const double fraction = vertex(scores[kReachRows - 1].z, scores[kReachRows].z, scores[kReachRows + 1].z);
    alignment.offset_frames = offset + fraction * double(alignment.transform.time) / rows_per_frame_;
}

void Verifier::retime(Alignment& alignment) {
    constexpr double kFarthest = 0.2;
    constexpr double kStepSeconds = 0.05;  // by which one ratio moves the clip's end against the next one
    constexpr float kClearly = 1.5F;       // better, in z
    const double step = kStepSeconds / clip_.seconds();
    const double rows = double(clip_.rows());
    load(alignment.track, alignment.offset_frames, rows / rows_per_frame_ * kFarthest + 32,
         double(alignment.transform.time));
    Alignment best = alignment;
    best.z += kClearly;
    for (double ratio = 1 - kFarthest; ratio < 1 + kFarthest + step / 2; ratio += step) {
        for (const double part : {0.2, 0.5, 0.8}) {
            Alignment moved = alignment;
            moved.transform.time = static_cast<float>(double(alignment.transform.time) * ratio);
            moved.offset_frames +=
                part * rows * double(alignment.transform.time - moved.transform.time) / rows_per_frame_;
            project(moved.offset_frames, moved.transform);
            const auto scores = scores_around();
            const auto top = std::max_element(scores.begin(), scores.end(),
                                              [](const Score& a, const Score& b) { return a.z < b.z; });
            if (top->z <= best.z) continue;
            moved.offset_frames +=
                (double(top - scores.begin()) - kReachRows) * double(moved.transform.time) / rows_per_frame_;
            moved.z = top->z;
            moved.peaks = top->peaks;
            best = moved;
        }
    }
    if (best.transform == alignment.transform) return;
    refine(best);
    alignment = best;
}

void Verifier::judge(Alignment& alignment) {
    load(alignment.track, alignment.offset_frames, kNullTo + 1, double(alignment.transform.time));
    project(alignment.offset_frames, alignment.transform);
    Null offsets;
    for (double away = kNullFrom; away <= kNullTo; away += kNullStep) {
        for (const int side : {-1, 1}) offsets.add(score(static_cast<float>(side * away * rows_per_frame_)).z);
    }
    alignment.sharpness = offsets.deviations_of(alignment.z);

    const float middle_row = static_cast<float>(clip_.rows()) / 2;
    constexpr std::uint16_t kMiddleBin = 200;  // of the peaks, half lie below
    struct Sum {
        std::int64_t value = 0;
        std::uint32_t peaks = 0;
    };
    std::array<Sum, 4> quarters;
    std::vector<Sum> half_seconds(static_cast<std::size_t>(double(clip_.rows()) / (kSpanFrames * rows_per_frame_)) + 1);
    alignment.hits = 0;
    for (const Target& target : targets_) {
        if (target.row < 0 || target.row >= static_cast<float>(clip_.rows())) continue;
        const int value = clip_.row(static_cast<std::size_t>(target.row))[target.bin];
        if (value >= kHit) ++alignment.hits;
        for (Sum* sum :
             {&quarters[target.row < middle_row ? 0 : 1], &quarters[target.bin < kMiddleBin ? 2 : 3],
              &half_seconds[static_cast<std::size_t>(double(target.row) / (kSpanFrames * rows_per_frame_))]}) {
            sum->value += value;
            ++sum->peaks;
        }
    }
    const auto z_of = [&](const Sum& sum) { return deviations(sum.value, clip_, sum.peaks + kFewPeaks / 4); };
    float weakest = z_of(quarters[0]);
    for (const Sum& quarter : quarters) weakest = std::min(weakest, z_of(quarter));
    alignment.balance = std::clamp(weakest / std::max(alignment.z, 1.0F), -1.0F, 1.0F);
    int counted = 0;
    int agreeing = 0;
    for (const Sum& half_second : half_seconds) {
        if (half_second.peaks < 5) continue;
        ++counted;
        if (deviations(half_second.value, clip_, half_second.peaks) > kSpanAgrees) ++agreeing;
    }
    alignment.coherence = counted == 0 ? 0.0F : static_cast<float>(agreeing) / static_cast<float>(counted);

    // A half second counts together with its neighbours; a gap of one is noise.
    alignment.spans.clear();
    for (std::size_t i = 0; i < half_seconds.size(); ++i) {
        Sum around;
        for (std::size_t j = i == 0 ? 0 : i - 1; j < std::min(i + 2, half_seconds.size()); ++j) {
            around.value += half_seconds[j].value;
            around.peaks += half_seconds[j].peaks;
        }
        if (half_seconds[i].peaks == 0 || deviations(around.value, clip_, around.peaks) <= kSpanAgrees) continue;
        const double seconds = kSpanFrames / fingerprint::kFramesPerSecond;
        const double begin = double(i) * seconds;
        const double end = std::min(begin + seconds, clip_.seconds());
        if (!alignment.spans.empty() && begin - alignment.spans.back().end < 1.5 * seconds)
            alignment.spans.back().end = end;
        else alignment.spans.push_back({begin, end});
    }

    alignment.explained = explained_share(alignment.offset_frames, alignment.transform);

    Null pitches;
    for (float away = kNullPitchFrom; away < kNullPitchTo + kNullPitchStep / 2; away += kNullPitchStep) {
        for (const float side : {-1.0F, 1.0F}) {
            Transform other = alignment.transform;
            other.pitch *= 1 + side * away;
            project(alignment.offset_frames, other);
            pitches.add(score(0).z);
        }
    }
    alignment.pitch_sharpness = pitches.deviations_of(alignment.z);
}

void Verifier::settle(Alignment& alignment) {
    constexpr double kMostOfTheClip = 0.8;
    if (alignment.spans.empty()) return;
    const double begin = alignment.spans.front().begin;
    const double end = alignment.spans.back().end;
    if (end - begin > kMostOfTheClip * clip_.seconds()) return;
    const double rows_per_second = fingerprint::kFramesPerSecond * rows_per_frame_;
    first_row_ = static_cast<int>(begin * rows_per_second);
    end_row_ = std::min(static_cast<int>(end * rows_per_second), static_cast<int>(clip_.rows()));
    Alignment settled = alignment;
    settled.z = 0;
    refine(settled);
    alignment.offset_frames = settled.offset_frames;
    alignment.transform = settled.transform;
    first_row_ = 0;
    end_row_ = static_cast<int>(clip_.rows());
}

bool Verifier::is_shadow(const Alignment& lesser, const Alignment& better) {
    constexpr float kWorse = 0.8F;  // less than this share of the better one's z
    constexpr double kMostly = 0.6;
    if (lesser.z >= kWorse * better.z) return false;
    // A place of the map by row and bin, coarse enough for peaks that lie a row or a bin apart.
    const auto hits_of = [&](const Alignment& alignment) {
        load(alignment.track, alignment.offset_frames, 1, double(alignment.transform.time));
        project(alignment.offset_frames, alignment.transform);
        std::vector<Target> hits;
        for (const Target& target : targets_) {
            if (target.row < 0 || target.row >= static_cast<float>(clip_.rows())) continue;
            if (clip_.row(static_cast<std::size_t>(target.row))[target.bin] >= kHit) hits.push_back(target);
        }
        return hits;
    };
    const auto known = hits_of(better);
    const auto hits = hits_of(lesser);
    const auto shared = std::count_if(hits.begin(), hits.end(), [&](const Target& hit) {
        return std::any_of(known.begin(), known.end(), [&](const Target& other) {
            return std::abs(hit.row - other.row) <= 2 && std::abs(int{hit.bin} - int{other.bin}) <= 1;
        });
    });
    return double(shared) > kMostly * double(hits.size());
}

}  // namespace audio_ident::search
