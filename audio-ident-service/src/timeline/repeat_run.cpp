#include "timeline/repeat_run.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace audio_ident::timeline {

namespace {

using fingerprint::kBins;
using fingerprint::kBucketFrames;
using fingerprint::Peak;

// As in trace.cpp: held notes and steady beats agree at every lag.
constexpr std::array<int, 10> kBeside{-29, -22, -16, -11, -7, 7, 11, 16, 22, 29};
constexpr std::int64_t kMargin = 32;  // frames
constexpr std::size_t kBlock = 64;    // buckets that are compared at once
constexpr std::size_t kFewPeaks = 4;

/// Where peaks lie, give or take a frame and a bin.
class PeakMap {
  public:
    void fill(const PeakBuckets& tape, std::int64_t first_frame, std::int64_t end_frame) {
        first_ = first_frame;
        rows_ = end_frame - first_frame;
        map_.assign(static_cast<std::size_t>(rows_) * kBins, false);
        peaks_.clear();
        const auto bucket_of = [](std::int64_t frame) {
            return static_cast<std::size_t>(std::max<std::int64_t>(0, frame) / std::int64_t{kBucketFrames});
        };
        tape.get(bucket_of(first_frame - 1), bucket_of(end_frame) + 1, peaks_);
        for (const Peak& peak : peaks_) {
            for (std::int64_t row = peak.frame - first_ - 1; row <= peak.frame - first_ + 1; ++row)
                for (int bin = int(peak.bin) - 1; bin <= int(peak.bin) + 1; ++bin) mark(row, bin);
        }
    }
    bool has(std::int64_t frame, std::uint16_t bin) const {
        const std::int64_t row = frame - first_;
        return row >= 0 && row < rows_ && map_[static_cast<std::size_t>(row) * kBins + bin];
    }

  private:
    void mark(std::int64_t row, int bin) {
        if (row < 0 || row >= rows_ || bin < 0 || bin >= int(kBins)) return;
        map_[static_cast<std::size_t>(row) * kBins + static_cast<std::size_t>(bin)] = true;
    }

    std::int64_t first_ = 0;
    std::int64_t rows_ = 0;
    std::vector<char> map_;
    std::vector<Peak> peaks_;
};

/// Peaks of one bucket that are there on the line, and beside it.
struct Hits {
    std::size_t peaks = 0;
    double on_line = 0;
    std::array<double, kBeside.size()> beside{};

    float evidence() const {
        if (peaks < kFewPeaks) return 0;
        double mean = 0;
        double squares = 0;
        for (const double other : beside) {
            mean += other / double(beside.size());
            squares += other * other / double(beside.size());
        }
        const double deviation = std::sqrt(std::max(0.0, squares - mean * mean));
        return static_cast<float>((on_line - mean) / std::max(1.0, deviation));
    }
};

}  // namespace

std::uint32_t Run::lag_at(std::uint32_t frame) const {
    const auto after = std::lower_bound(lags.begin(), lags.end(), frame,
                                        [](const Lag& one, std::uint32_t wanted) { return one.frame < wanted; });
    if (after == lags.begin()) return lags.front().lag;
    if (after == lags.end()) return lags.back().lag;
    const Lag& before = *(after - 1);
    const double part = double(frame - before.frame) / double(after->frame - before.frame);
    return static_cast<std::uint32_t>(
        std::lround(double(before.lag) + part * (double(after->lag) - double(before.lag))));
}

CellSeries evidence_of(const PeakBuckets& tape, const Run& run, std::size_t first, std::size_t end) {
    CellSeries evidence;
    PeakMap earlier;
    std::vector<Peak> peaks;
    for (std::size_t from = first; from < end; from += kBlock) {
        const std::size_t to = std::min(end, from + kBlock);
        const auto begin_frame = static_cast<std::uint32_t>(from * kBucketFrames);
        const auto end_frame = static_cast<std::uint32_t>(to * kBucketFrames);
        const std::int64_t lags[] = {run.lag_at(begin_frame), run.lag_at(end_frame)};
        earlier.fill(tape, begin_frame - std::max(lags[0], lags[1]) - kMargin,
                     end_frame - std::min(lags[0], lags[1]) + kMargin);
        peaks.clear();
        tape.get(from, to, peaks);
        std::vector<Hits> buckets(to - from);
        for (const Peak& peak : peaks) {
            Hits& hits = buckets[peak.frame / kBucketFrames - from];
            const std::int64_t at = std::int64_t{peak.frame} - run.lag_at(peak.frame);
            ++hits.peaks;
            if (earlier.has(at, peak.bin)) ++hits.on_line;
            for (std::size_t i = 0; i < kBeside.size(); ++i)
                if (earlier.has(at + kBeside[i], peak.bin)) ++hits.beside[i];
        }
        for (std::size_t i = 0; i < buckets.size(); ++i)
            evidence.set(static_cast<Cell>(from + i), buckets[i].evidence());
    }
    return evidence;
}

}  // namespace audio_ident::timeline
