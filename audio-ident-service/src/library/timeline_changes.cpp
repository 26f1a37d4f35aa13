#include "library/timeline_changes.hpp"

#include <algorithm>
#include <utility>

namespace audio_ident::library {
namespace {

constexpr double kLeastGap = 1;  // seconds

/// What is left of the gaps beside the span.
std::vector<NamedGap> around(const std::vector<NamedGap>& gaps, const timeline::Span& span) {
    std::vector<NamedGap> left;
    const auto add = [&](NamedGap named, double begin, double end) {
        named.gap.where = {begin, end};
        if (end - begin >= kLeastGap) left.push_back(std::move(named));
    };
    for (const NamedGap& named : gaps) {
        const auto& where = named.gap.where;
        if (where.end <= span.begin || where.begin >= span.end) {
            left.push_back(named);
            continue;
        }
        add(named, where.begin, span.begin);
        add(named, span.end, where.end);
    }
    return left;
}

/// The parts of the span that no entry covers. Entries by their beginning.
std::vector<timeline::Span> uncovered(const std::vector<NamedEntry>& entries, const timeline::Span& span) {
    std::vector<timeline::Span> parts;
    double at = span.begin;
    for (const NamedEntry& one : entries) {
        const auto& heard = one.entry.heard;
        if (heard.begin >= span.end) break;
        if (heard.begin - at >= kLeastGap) parts.push_back({at, heard.begin});
        at = std::max(at, heard.end);
    }
    if (span.end - at >= kLeastGap) parts.push_back({at, span.end});
    return parts;
}

}  // namespace

bool choose(NamedEntry& named, const TrackId& track) {
    if (named.track.id == track) return true;
    const auto chosen = std::find_if(named.others.begin(), named.others.end(),
                                     [&](const NamedCandidate& other) { return other.track.id == track; });
    if (chosen == named.others.end()) return false;
    auto& entry = named.entry;
    const timeline::Candidate before{entry.track, entry.confidence, entry.first.place_seconds};
    const double moved = entry.last.place_seconds - entry.first.place_seconds;
    entry.track = track;
    entry.confidence = chosen->candidate.confidence;
    entry.first.place_seconds = chosen->candidate.place_seconds;
    entry.last.place_seconds =
        std::clamp(entry.first.place_seconds + moved, 0.0, std::max(0.0, chosen->track.duration_seconds));
    chosen->candidate = before;
    std::swap(chosen->track, named.track);
    std::swap(chosen->track_gone, named.track_gone);
    entry.others.clear();
    for (const auto& other : named.others) entry.others.push_back(other.candidate);
    return true;
}

RecordingTimeline without_rejected(RecordingTimeline timeline) {
    std::vector<timeline::Span> freed;
    std::erase_if(timeline.entries, [&](const NamedEntry& one) {
        if (one.verdict != Verdict::rejected) return false;
        freed.push_back(one.entry.heard);
        return true;
    });
    for (const auto& span : freed) {
        for (const auto& part : uncovered(timeline.entries, span)) {
            timeline.gaps = around(timeline.gaps, part);  // two rejected entries may overlap
            timeline.gaps.push_back({{part, timeline::GapKind::unknown}});
        }
    }
    std::stable_sort(timeline.gaps.begin(), timeline.gaps.end(),
                     [](const NamedGap& a, const NamedGap& b) { return a.gap.where.begin < b.gap.where.begin; });
    return timeline;
}

void put_learned(RecordingTimeline& timeline, const Stretch& stretch, const catalog::Track& track) {
    const timeline::Span heard{stretch.begin_seconds, std::min(stretch.end_seconds, timeline.seconds)};
    timeline.gaps = around(timeline.gaps, heard);
    NamedEntry named{{}, track, {}};
    named.entry.track = track.id;
    named.entry.heard = heard;
    named.entry.confidence = 1;
    named.entry.last.place_seconds = heard.end - heard.begin;
    named.entry.evidence = {heard};
    named.verdict = Verdict::accepted;
    const auto place = std::find_if(timeline.entries.begin(), timeline.entries.end(),
                                    [&](const NamedEntry& one) { return one.entry.heard.begin > heard.begin; });
    timeline.entries.insert(place, std::move(named));
}

}  // namespace audio_ident::library
