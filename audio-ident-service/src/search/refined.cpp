#include "search/refined.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <span>

#include "search/judged.hpp"
#include "search/projection.hpp"

namespace audio_ident::search {

namespace {

using fingerprint::Peak;
using fingerprint::Transform;

struct Step {
    float time;
    float pitch;
    double rows;
};
// The first kOffsetSteps move only the offset.
constexpr std::array<Step, 10> kSteps{{{0, 0, 1},
                                       {0, 0, -1},
                                       {1, 0, 0},
                                       {-1, 0, 0},
                                       {0, 1, 0},
                                       {0, -1, 0},
                                       {1, 1, 0},
                                       {-1, -1, 0},
                                       {1, 0, 1},
                                       {-1, 0, -1}}};
constexpr std::size_t kOffsetSteps = 2;

/// Climbs to the best fit of the peaks of one stretch of a track, in some rows of the map.
class Climber {
  public:
    Climber(const Comparison& comparison, std::span<const Peak> peaks, RowRange rows)
        : comparison_(comparison), peaks_(peaks), rows_(rows) {}

    Projection project(double offset_frames, const Transform& transform) const {
        return Projection(comparison_.clip(), peaks_, offset_frames, transform, rows_);
    }

    /// Climbs in offset and ratios.
    Refined climb(const Refined& from) const { return climb_by(kSteps, from); }
    /// Climbs in the offset alone.
    Refined climb_offset(const Refined& from) const { return climb_by(std::span(kSteps).first(kOffsetSteps), from); }

    /// Moves the offset to the top of a parabola through z at three rows.
    Refined between_rows(Refined refined) const {
        // At the recorded tempo all peaks are equally far from the next row, so z only changes from row to row.
        const double rows_per_frame = comparison_.rows_per_frame();
        double offset = refined.offset_frames;
        if (refined.transform.time == 1) offset = std::round(offset * rows_per_frame) / rows_per_frame;
        const auto scores = project(offset, refined.transform).scores_around();
        constexpr std::size_t kMiddle = Projection::kReachRows;
        const double fraction = vertex(scores[kMiddle - 1].z, scores[kMiddle].z, scores[kMiddle + 1].z);
        refined.offset_frames = offset + fraction * double(refined.transform.time) / rows_per_frame;
        return refined;
    }

  private:
    Refined climb_by(std::span<const Step> steps, const Refined& from) const {
        Refined at = from;
        double middle = at.offset_frames + middle_rows() * double(at.transform.time) / comparison_.rows_per_frame();
        for (const float scale : {1.0F, 0.5F, 0.25F, 0.125F}) {
            for (int tries = 0; tries < 8; ++tries) {
                Refined best = at;
                double best_middle = middle;
                for (const Step& step : steps) {
                    const double moved_middle = middle + step.rows * double(scale) / fingerprint::Clip::kMaxPhases;
                    const Refined moved = move(at, step, scale, moved_middle);
                    if (moved.z <= best.z) continue;
                    best = moved;
                    best_middle = moved_middle;
                }
                if (best.z <= at.z) break;
                at = best;
                middle = best_middle;
            }
        }
        return at;
    }

    /// The ratios turn about the middle of the clip, so that a step in one of them hardly moves the best offset.
    Refined move(const Refined& from, const Step& step, float scale, double middle) const {
        constexpr float kTimeStep = 0.004F;
        constexpr float kPitchStep = 0.003F;
        Refined moved = from;
        moved.transform.time *= 1 + step.time * kTimeStep * scale;
        moved.transform.pitch *= 1 + step.pitch * kPitchStep * scale;
        moved.offset_frames = middle - middle_rows() * double(moved.transform.time) / comparison_.rows_per_frame();
        const Score found = project(moved.offset_frames, moved.transform).score();
        moved.z = found.z;
        moved.peaks = found.peaks;
        return moved;
    }

    double middle_rows() const { return comparison_.rows() / 2; }

    const Comparison& comparison_;
    std::span<const Peak> peaks_;
    RowRange rows_;
};

Refined refine_in(const Comparison& comparison, const Placement& from, RowRange rows) {
    constexpr float kNearOne = 0.006F;
    constexpr float kAsGood = 0.5F;  // a ratio that only follows the noise gains this much z
    const auto peaks = comparison.peaks_under(from.track, from.offset_frames, 32, double(from.transform.time) * 1.02);
    const Climber climber(comparison, peaks, rows);
    Refined refined = climber.climb(Refined{from});
    const Transform found = refined.transform;
    Refined plain = refined;
    if (std::abs(found.time - 1) < kNearOne) plain.transform.time = 1;
    if (std::abs(found.pitch - 1) < kNearOne) plain.transform.pitch = 1;
    if (plain.transform == found) return climber.between_rows(refined);
    plain.offset_frames +=
        comparison.rows() / 2 * double(found.time - plain.transform.time) / comparison.rows_per_frame();
    const Score start = climber.project(plain.offset_frames, plain.transform).score();
    plain.z = start.z;
    plain.peaks = start.peaks;
    plain = climber.climb_offset(plain);
    return climber.between_rows(plain.z > refined.z - kAsGood ? plain : refined);
}

}  // namespace

Refined refine(const Comparison& comparison, const Placement& from) {
    return refine_in(comparison, from, comparison.all_rows());
}

Refined refine_offset(const Comparison& comparison, const Placement& from, RowRange rows) {
    const auto peaks = comparison.peaks_under(from.track, from.offset_frames, 32, double(from.transform.time));
    const Climber climber(comparison, peaks, rows);
    return climber.between_rows(climber.climb_offset(Refined{from}));
}

std::optional<Refined> retime(const Comparison& comparison, const Placement& from, float enough) {
    constexpr double kFarthest = 0.2;
    constexpr double kStepSeconds = 0.05;  // between the clip's ends at one ratio and at the next
    constexpr float kClearly = 1.5F;       // clearly better means this much more z
    const double step = kStepSeconds / comparison.clip().seconds();
    const double rows = comparison.rows();
    const double rows_per_frame = comparison.rows_per_frame();
    const auto peaks = comparison.peaks_under(from.track, from.offset_frames, rows / rows_per_frame * kFarthest + 32,
                                              double(from.transform.time));
    Placement best = from;
    best.z += kClearly;
    const auto has_found = [&] { return !(best.transform == from.transform); };
    const double last = 1 + kFarthest + step / 2;
    for (double ratio = 1 - kFarthest; ratio < last && !(has_found() && best.z > enough); ratio += step) {
        for (const double part : {0.2, 0.5, 0.8}) {
            Placement moved = from;
            moved.transform.time = static_cast<float>(double(from.transform.time) * ratio);
            moved.offset_frames += part * rows * double(from.transform.time - moved.transform.time) / rows_per_frame;
            const auto scores =
                Projection(comparison.clip(), peaks, moved.offset_frames, moved.transform, comparison.all_rows())
                    .scores_around();
            const auto top = std::max_element(scores.begin(), scores.end(),
                                              [](const Score& a, const Score& b) { return a.z < b.z; });
            if (top->z <= best.z) continue;
            moved.offset_frames +=
                (double(top - scores.begin()) - Projection::kReachRows) * double(moved.transform.time) / rows_per_frame;
            moved.z = top->z;
            moved.peaks = top->peaks;
            best = moved;
        }
    }
    if (!has_found()) return std::nullopt;
    return refine(comparison, best);
}

std::optional<Refined> refine_by_matched_part(const Comparison& comparison, const Judged& match) {
    constexpr double kMostOfTheClip = 0.8;
    if (match.spans.empty()) return std::nullopt;
    const double begin = match.spans.front().begin;
    const double end = match.spans.back().end;
    if (end - begin > kMostOfTheClip * comparison.clip().seconds()) return std::nullopt;
    const double rows_per_second = fingerprint::kFramesPerSecond * comparison.rows_per_frame();
    const RowRange rows{static_cast<int>(begin * rows_per_second),
                        std::min(static_cast<int>(end * rows_per_second), comparison.all_rows().end)};
    Placement from = match;
    from.z = 0;
    return refine_in(comparison, from, rows);
}

}  // namespace audio_ident::search
