#include "search/projection.hpp"

#include <algorithm>
#include <cmath>

#include "util/multiversion.hpp"

namespace audio_ident::search {

using fingerprint::Clip;

namespace {

// Adds up runs of kOverrun map values, place by place.
AUDIO_IDENT_MULTIVERSION
void add_runs(const std::int8_t* const* runs, std::size_t count, std::int32_t* __restrict sums) {
    for (std::size_t n = 0; n < count; ++n) {
        const std::int8_t* __restrict run = runs[n];
        for (std::size_t i = 0; i < Clip::kOverrun; ++i) sums[i] += run[i];
    }
}

constexpr std::uint16_t kUnheard = fingerprint::kBins;  // the bin of a peak that the transform moves out of the map

// Where each peak falls on the map; whether all are heard.
AUDIO_IDENT_MULTIVERSION
bool project(const fingerprint::Peak* peaks, std::size_t count, double offset_frames, double rows_per_frame,
             float pitch, Projection::Target* __restrict targets) {
    constexpr auto kFirst = static_cast<float>(fingerprint::kFirstBin);
    int unheard = 0;
    for (std::size_t i = 0; i < count; ++i) {
        const float bin = (static_cast<float>(peaks[i].bin) + kFirst) * pitch - kFirst + 0.5F;
        const auto whole = static_cast<std::int32_t>(bin);
        const bool is_heard = bool(int{bin >= 0} & int{whole < std::int32_t{kUnheard}});  // without a branch
        targets[i].row = static_cast<float>((double(peaks[i].frame) - offset_frames) * rows_per_frame + 0.5);
        targets[i].bin = is_heard ? static_cast<std::uint16_t>(whole) : kUnheard;
        unheard |= is_heard ? 0 : 1;
    }
    return unheard == 0;
}

}  // namespace

Projection::Projection(const Clip& clip, std::span<const fingerprint::Peak> peaks, double offset_frames,
                       const fingerprint::Transform& transform, RowRange rows)
    : clip_(clip), first_(static_cast<float>(rows.first)), end_(static_cast<float>(rows.end)), targets_(peaks.size()) {
    const double rows_per_frame = double(clip.phases()) / double(transform.time);
    if (project(peaks.data(), peaks.size(), offset_frames, rows_per_frame, transform.pitch, targets_.data())) return;
    std::erase_if(targets_, [](const Target& target) { return target.bin == kUnheard; });
}

Score Projection::score(float shift_rows) const {
    std::int64_t sum = 0;
    std::uint32_t count = 0;
    for (const Target& target : targets_) {
        const float row = target.row - shift_rows;
        if (row < first_ || row >= end_) continue;
        sum += clip_.column(target.bin)[static_cast<std::size_t>(row)];
        ++count;
    }
    return {in_deviations(sum, clip_, count + kFewPeaks), count};
}

std::array<Score, Projection::kShifts> Projection::scores_around() const {
    const int first = static_cast<int>(first_);
    const int end = static_cast<int>(end_);
    std::array<std::int32_t, kShifts> sums{};
    std::array<std::uint32_t, kShifts> counts{};
    std::uint32_t inside = 0;
    std::array<const std::int8_t*, 64> runs;  // of targets that stay inside whatever the shift
    std::array<std::int32_t, Clip::kOverrun> run_sums{};
    for (const Target& target : targets_) {
        const int row = static_cast<int>(std::floor(target.row));
        if (row - kReachRows >= first && row + kReachRows < end) {
            runs[inside++ % runs.size()] = clip_.column(target.bin) + row - kReachRows;
            if (inside % runs.size() == 0) add_runs(runs.data(), runs.size(), run_sums.data());
            continue;
        }
        for (int i = 0; i < static_cast<int>(kShifts); ++i) {
            const int at = row + kReachRows - i;
            if (at < first || at >= end) continue;
            sums[static_cast<std::size_t>(i)] += clip_.column(target.bin)[at];
            ++counts[static_cast<std::size_t>(i)];
        }
    }
    add_runs(runs.data(), inside % runs.size(), run_sums.data());
    std::array<Score, kShifts> scores;
    for (std::size_t i = 0; i < kShifts; ++i) {
        const std::uint32_t count = counts[i] + inside;
        scores[i] = {in_deviations(sums[i] + run_sums[kShifts - 1 - i], clip_, count + kFewPeaks), count};
    }
    return scores;
}

float in_deviations(std::int64_t sum, const Clip& clip, std::uint32_t count) {
    return static_cast<float>(sum) / (clip.map_deviation() * std::sqrt(static_cast<float>(count)));
}

double vertex(float before, float middle, float after) {
    const double bend = double(before) - 2.0 * double(middle) + double(after);
    return bend < -1e-6 ? std::clamp(0.5 * double(before - after) / bend, -0.5, 0.5) : 0.0;
}

}  // namespace audio_ident::search
