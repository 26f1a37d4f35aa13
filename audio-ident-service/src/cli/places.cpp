#include "cli/places.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <limits>

#include "cli/text.hpp"

namespace audio_ident::cli {
namespace {

constexpr double kSameSeconds = 0.5;  // ends of stretches that are closer look the same to a person

/// A part of the clip, and the places of the track from which it may be playing there.
struct Stretch {
    double begin = 0;  ///< seconds of the clip
    double end = 0;
    std::vector<double> track_begins;  ///< where in the track the part begins, one for each place
};

using Spans = std::vector<search::MatchedSpan>;

/// The stretches of the clip whose own place is nearest to this offset; all of them where it is nearest to none, as for
/// a passage that the track repeats.
Spans spans_of(const library::Match& match, double offset_seconds, const std::vector<double>& offsets) {
    Spans spans;
    for (const search::MatchedSpan& span : match.recording.matched) {
        const double own = span.place_seconds - span.begin * match.recording.time_ratio;
        const auto away = [own](double offset) { return std::abs(offset - own); };
        if (away(std::ranges::min(offsets, {}, away)) == away(offset_seconds)) spans.push_back(span);
    }
    return spans.empty() ? match.recording.matched : spans;
}

/// The part of the clip in which some spans fit this place: the track has begun there and has not ended.
std::optional<Stretch> stretch_at(const library::Match& match, double offset_seconds, const Spans& spans) {
    const double ratio = match.recording.time_ratio;
    const double first = -offset_seconds / ratio;
    const double last = (match.track.duration_seconds - offset_seconds) / ratio;
    Stretch stretch{std::numeric_limits<double>::max(), 0, {}};
    for (const search::MatchedSpan& span : spans) {
        const double begin = std::max(span.begin, first);
        const double end = std::min(span.end, last);
        if (end - begin < kSameSeconds) continue;
        stretch.begin = std::min(stretch.begin, begin);
        stretch.end = std::max(stretch.end, end);
    }
    if (stretch.end <= stretch.begin) return std::nullopt;
    stretch.track_begins = {std::max(0.0, offset_seconds + stretch.begin * ratio)};
    return stretch;
}

std::string line_of(const Stretch& stretch) {
    std::string line =
        fmt::format("from {} to {} of the clip: the track", time_text(stretch.begin), time_text(stretch.end));
    for (std::size_t i = 0; i < stretch.track_begins.size(); ++i)
        line += fmt::format("{} from {}", i == 0 ? "" : ", also", time_text(stretch.track_begins[i]));
    return line;
}

}  // namespace

std::string place_text(const library::Match& match) {
    const double offset = match.recording.offset_seconds;
    constexpr double kShownAsZero = 0.05;
    if (offset <= -kShownAsZero)
        return fmt::format("begins {:.1f} s into the clip", -offset / match.recording.time_ratio);
    return fmt::format("at {} of {}", time_text(offset), time_text(match.track.duration_seconds));
}

std::vector<std::string> stretches_text(const library::Match& match) {
    std::vector<double> offsets = {match.recording.offset_seconds};
    offsets.insert(offsets.end(), match.recording.also_offsets.begin(), match.recording.also_offsets.end());
    std::vector<Stretch> stretches;
    for (const double offset : offsets) {
        const auto stretch = stretch_at(match, offset, spans_of(match, offset, offsets));
        if (!stretch) continue;
        const auto same = std::ranges::find_if(stretches, [&](const Stretch& other) {
            return std::abs(other.begin - stretch->begin) < kSameSeconds &&
                   std::abs(other.end - stretch->end) < kSameSeconds;
        });
        if (same == stretches.end()) stretches.push_back(*stretch);
        else same->track_begins.push_back(stretch->track_begins.front());
    }
    std::ranges::stable_sort(stretches, {}, &Stretch::begin);
    std::vector<std::string> lines;
    for (const Stretch& stretch : stretches) lines.push_back(line_of(stretch));
    return lines;
}

}  // namespace audio_ident::cli
