#include "search/verification.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

namespace audio_ident::search {

namespace {

using fingerprint::Clip;
using fingerprint::Transform;

constexpr double kRowsPerFrame = double(Clip::kPhases);
constexpr std::uint32_t kFewPeaks = 20;  // keeps a handful of lucky peaks from a high z
constexpr int kHit = 40;                 // map value: one unit of contrast
constexpr std::size_t kSpanRows = 62;    // half a second
constexpr float kSpanAgrees = 1.5F;      // z of a half second

// judge() compares with the offsets from 10 to 74 rows (80 to 600 ms) away, every third.
constexpr int kNullFrom = 10;
constexpr int kNullTo = 74;
constexpr int kNullStep = 3;

float deviations(std::int64_t sum, const Clip& clip, std::uint32_t count) {
    return static_cast<float>(sum) / (clip.map_deviation() * std::sqrt(static_cast<float>(count)));
}

// Where between its neighbours the maximum of three values lies, in [-0.5, 0.5].
double vertex(float before, float middle, float after) {
    const double bend = double(before) - 2.0 * double(middle) + double(after);
    return bend < -1e-6 ? std::clamp(0.5 * double(before - after) / bend, -0.5, 0.5) : 0.0;
}

}  // namespace

void Verifier::load(const index::Location& track, double offset_frames, double margin_frames, double time) {
    const double length = double(clip_.rows()) / kRowsPerFrame * time;
    const double first = std::max(0.0, offset_frames - margin_frames);
    const double end = std::min(double(track.frames), offset_frames + length + margin_frames);
    peaks_.clear();
    if (end > first)
        snapshot_.peaks(track.track, static_cast<std::uint32_t>(first), static_cast<std::uint32_t>(end), peaks_);
}

void Verifier::project(double offset_frames, const Transform& transform) {
    constexpr auto kFirst = static_cast<float>(fingerprint::kFirstBin);
    const double rows_per_frame = kRowsPerFrame / double(transform.time);
    targets_.clear();
    for (const fingerprint::Peak& peak : peaks_) {
        const float bin = (static_cast<float>(peak.bin) + kFirst) * transform.pitch - kFirst + 0.5F;
        if (bin < 0 || bin >= static_cast<float>(fingerprint::kBins)) continue;
        targets_.push_back({static_cast<float>((double(peak.frame) - offset_frames) * rows_per_frame + 0.5),
                            static_cast<std::uint16_t>(bin)});
    }
}

Verifier::Score Verifier::score(float shift_rows) const {
    const auto rows = static_cast<float>(clip_.rows());
    std::int64_t sum = 0;
    std::uint32_t count = 0;
    for (const Target& target : targets_) {
        const float row = target.row - shift_rows;
        if (row < 0 || row >= rows) continue;
        sum += clip_.row(static_cast<std::size_t>(row))[target.bin];
        ++count;
    }
    return {deviations(sum, clip_, count + kFewPeaks), count};
}

std::array<Verifier::Score, Verifier::kOffsets> Verifier::scores_around() const {
    const int rows = static_cast<int>(clip_.rows());
    std::array<std::int32_t, kOffsets> sums{};
    std::array<std::uint32_t, kOffsets> counts{};
    std::uint32_t inside = 0;
    for (const Target& target : targets_) {
        const int row = static_cast<int>(std::floor(target.row));
        if (row - kReachRows >= 0 && row + kReachRows < rows) {
            const std::int8_t* value = clip_.row(static_cast<std::size_t>(row + kReachRows)) + target.bin;
            for (std::size_t i = 0; i < kOffsets; ++i)
                sums[i] += value[-static_cast<std::ptrdiff_t>(i * Clip::kStride)];
            ++inside;
            continue;
        }
        for (int i = 0; i < static_cast<int>(kOffsets); ++i) {
            const int at = row + kReachRows - i;
            if (at < 0 || at >= rows) continue;
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
    const double clip_frames = double(clip_.rows()) / kRowsPerFrame * double(transform.time);
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
            offset + (static_cast<double>(best) - kReachRows + fraction) * double(transform.time) / kRowsPerFrame;
        alignment.z = scores[best].z;
        alignment.peaks = scores[best].peaks;
        alignments.push_back(alignment);
    }
    return alignments;
}

void Verifier::refine(Alignment& alignment) {
    // The ratios turn about the clip's middle, so that they move the offset little.
    const double middle_rows = double(clip_.rows()) / 2;
    const auto middle_of = [&](const Alignment& a) {
        return a.offset_frames + middle_rows * double(a.transform.time) / kRowsPerFrame;
    };
    load(alignment.track, alignment.offset_frames, 32, double(alignment.transform.time) * 1.02);

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
    double middle = middle_of(alignment);
    for (const float scale : {1.0F, 0.5F, 0.25F, 0.125F}) {
        for (int tries = 0; tries < 8; ++tries) {
            Alignment best = alignment;
            double best_middle = middle;
            for (const Step& step : kSteps) {
                Alignment moved = alignment;
                moved.transform.time *= 1 + step.time * kTimeStep * scale;
                moved.transform.pitch *= 1 + step.pitch * kPitchStep * scale;
                const double moved_middle = middle + step.rows * double(scale) / kRowsPerFrame;
                moved.offset_frames = moved_middle - middle_rows * double(moved.transform.time) / kRowsPerFrame;
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

void Verifier::judge(Alignment& alignment) {
    load(alignment.track, alignment.offset_frames, double(kNullTo) / kRowsPerFrame + 1,
         double(alignment.transform.time));
    project(alignment.offset_frames, alignment.transform);
    double sum = 0;
    double squares = 0;
    int count = 0;
    for (int away = kNullFrom; away <= kNullTo; away += kNullStep) {
        for (const int side : {-1, 1}) {
            const auto z = double(score(static_cast<float>(side * away)).z);
            sum += z;
            squares += z * z;
            ++count;
        }
    }
    const double mean = sum / count;
    const double deviation = std::sqrt(std::max(0.0, squares / count - mean * mean));
    alignment.sharpness = static_cast<float>((double(alignment.z) - mean) / std::max(deviation, 0.7));

    const std::size_t spans = clip_.rows() / kSpanRows + 1;
    std::vector<std::int64_t> span_sums(spans);
    std::vector<std::uint32_t> span_counts(spans);
    alignment.hits = 0;
    for (const Target& target : targets_) {
        if (target.row < 0 || target.row >= static_cast<float>(clip_.rows())) continue;
        const auto row = static_cast<std::size_t>(target.row);
        const int value = clip_.row(row)[target.bin];
        if (value >= kHit) ++alignment.hits;
        span_sums[row / kSpanRows] += value;
        ++span_counts[row / kSpanRows];
    }
    int counted = 0;
    int agreeing = 0;
    for (std::size_t i = 0; i < spans; ++i) {
        if (span_counts[i] < 5) continue;
        ++counted;
        if (deviations(span_sums[i], clip_, span_counts[i]) > kSpanAgrees) ++agreeing;
    }
    alignment.coherence = counted == 0 ? 0.0F : static_cast<float>(agreeing) / static_cast<float>(counted);
}

}  // namespace audio_ident::search
