#include "api/timeline_types.hpp"

#include "api/rounding.hpp"

namespace audio_ident::api::wire {
namespace {

PlayedAt played_at(const timeline::Played& played) {
    return {thousandths(played.place_seconds), ten_thousandths(played.time_ratio), ten_thousandths(played.pitch_ratio)};
}

TimelineEntry timeline_entry(const library::NamedEntry& named) {
    TimelineEntry words{.start = hundredths(named.entry.heard.begin),
                        .end = hundredths(named.entry.heard.end),
                        .track = track_info(named.track),
                        .confidence = ten_thousandths(named.entry.confidence),
                        .first = played_at(named.entry.first),
                        .last = played_at(named.entry.last)};
    for (const auto& span : named.entry.evidence)
        words.matched_seconds.push_back({hundredths(span.begin), hundredths(span.end)});
    for (const auto& other : named.others)
        words.candidates.push_back({track_info(other.track), ten_thousandths(other.candidate.confidence),
                                    thousandths(other.candidate.place_seconds), other.track_gone});
    if (named.verdict)
        words.verdict =
            *named.verdict == library::Verdict::accepted ? TimelineVerdict::accepted : TimelineVerdict::rejected;
    words.track_gone = named.track_gone;
    return words;
}

TimelineGap timeline_gap(const library::NamedGap& named) {
    const timeline::Gap& gap = named.gap;
    TimelineGap words{hundredths(gap.where.begin), hundredths(gap.where.end),
                      gap.kind == timeline::GapKind::silence ? TimelineGapKind::silence : TimelineGapKind::unknown};
    if (gap.number > 0) {
        words.name = library::name_of(gap);
        words.times_heard = gap.times_heard;
    }
    if (named.sounds_like.empty()) return words;
    words.sounds_like.emplace();
    for (const auto& match : named.sounds_like)
        words.sounds_like->push_back({track_info(match.track), ten_thousandths(match.sound.similarity)});
    return words;
}

}  // namespace

Timeline timeline(const library::RecordingTimeline& timeline) {
    Timeline words{hundredths(timeline.seconds), {}, {}, timeline.damaged_frames};
    for (const auto& entry : timeline.entries) words.entries.push_back(timeline_entry(entry));
    for (const auto& gap : timeline.gaps) words.gaps.push_back(timeline_gap(gap));
    return words;
}

}  // namespace audio_ident::api::wire
