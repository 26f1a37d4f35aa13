#include "timeline/unknowns.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <span>
#include <utility>

#include "fingerprint/params.hpp"
#include "timeline/sounds.hpp"

namespace audio_ident::timeline {

namespace {

constexpr double kBucketSeconds = double(fingerprint::kBucketFrames) / fingerprint::kFramesPerSecond;
constexpr std::size_t kBetween = 4;   // empty buckets between pieces
constexpr double kSameBorder = 1.5;   // seconds
constexpr double kLeastRest = 1;      // seconds of a gap beside a sound that is heard again
constexpr double kLeastNumbered = 5;  // seconds of a gap that is heard once

/// A part of a gap; `sound` when it is heard again.
struct Slice {
    Span where;
    std::optional<std::size_t> sound = {};
};

/// Cuts a gap where the sounds in it begin and end. `sounds`: in order, in seconds of the recording.
std::vector<Slice> cut(const Span& gap, std::vector<Slice> sounds) {
    std::vector<Slice> slices;
    double at = gap.begin;
    for (Slice& slice : sounds) {
        Span& where = slice.where;
        where = {std::max(where.begin, at), std::min(where.end, gap.end)};
        if (where.begin - at < (at == gap.begin ? kSameBorder : kLeastRest)) where.begin = at;
        if (gap.end - where.end < kSameBorder) where.end = gap.end;
        if (where.end <= where.begin) continue;
        if (where.begin > at) slices.push_back({{at, where.begin}});
        slices.push_back(slice);
        at = where.end;
    }
    if (at < gap.end) slices.push_back({{at, gap.end}});
    return slices;
}

/// Numbers sounds in order of first hearing.
class Numbers {
  public:
    explicit Numbers(std::span<const Occurrence> occurrences) {
        for (const Occurrence& one : occurrences) ++times_[one.sound];
    }

    Gap numbered(const Slice& slice) {
        Gap gap{slice.where, GapKind::unknown};
        if (slice.sound) {
            const auto [known, is_new] = numbers_.try_emplace(*slice.sound, last_ + 1);
            if (is_new) ++last_;
            gap.number = known->second;
            gap.times_heard = times_.at(*slice.sound);
        } else if (slice.where.end - slice.where.begin >= kLeastNumbered) {
            gap.number = ++last_;
            gap.times_heard = 1;
        }
        return gap;
    }

  private:
    std::map<std::size_t, std::uint32_t> times_;
    std::map<std::size_t, std::uint32_t> numbers_;
    std::uint32_t last_ = 0;
};

}  // namespace

void Unknowns::add(const PeakBuckets& sound, const Timeline& timeline, double compared_seconds) {
    const auto compared = static_cast<std::size_t>(std::max(0.0, compared_seconds) / kBucketSeconds);
    double last_end = 0;
    std::size_t together_from = tape_.size() + kBetween;
    for (const Gap& gap : timeline.gaps) {
        if (gap.where.begin > last_end) together_from = tape_.size() + kBetween;
        last_end = gap.where.end;
        if (gap.kind != GapKind::unknown) continue;
        for (std::size_t empty = 0; empty < kBetween; ++empty) tape_.add({});
        const auto first = static_cast<std::size_t>(gap.where.begin / kBucketSeconds);
        const std::size_t begin = tape_.size();
        tape_.add(sound, first, static_cast<std::size_t>(std::ceil(gap.where.end / kBucketSeconds)));
        const std::size_t old = std::max(first, compared) - first;
        parts_.push_back({double(first) * kBucketSeconds, {begin, tape_.size(), together_from, begin + old}});
    }
    recordings_.push_back(timeline.gaps);
}

std::vector<std::vector<Gap>> Unknowns::gaps(const std::stop_token& stop) const {
    std::vector<Piece> pieces;
    for (const Part& part : parts_) pieces.push_back(part.piece);
    const auto occurrences = sounds_of(find_repeats(tape_, pieces, stop), pieces);
    Numbers numbers(occurrences);
    std::vector<std::vector<Gap>> named(recordings_.size());
    auto part = parts_.begin();
    auto occurrence = occurrences.begin();
    for (std::size_t recording = 0; recording < recordings_.size(); ++recording) {
        for (const Gap& gap : recordings_[recording]) {
            if (gap.kind != GapKind::unknown) {
                named[recording].push_back(gap);
                continue;
            }
            const auto seconds = [&](std::size_t bucket) {
                return part->begin_seconds + double(bucket - part->piece.begin) * kBucketSeconds;
            };
            std::vector<Slice> sounds;
            for (; occurrence != occurrences.end() && occurrence->begin < part->piece.end; ++occurrence)
                sounds.push_back({{seconds(occurrence->begin), seconds(occurrence->end)}, occurrence->sound});
            ++part;
            for (const Slice& slice : cut(gap.where, std::move(sounds)))
                named[recording].push_back(numbers.numbered(slice));
        }
    }
    return named;
}

}  // namespace audio_ident::timeline
