#pragma once

#include <utility>

#include "library/timelines.hpp"
#include "support/tracks.hpp"

namespace audio_ident::test {

/// A recording of 300 s: track 1 from 10 to 100 s, 3 % fast at its end; track 2 from 92 to 200 s, where track 3 may be
/// heard instead; then silence to 280 s, and something unknown that was there at the beginning too, and sounds like
/// track 4.
inline library::RecordingTimeline some_timeline() {
    const auto entry = [](int number, double begin, double end, double confidence) {
        library::NamedEntry named{{}, make_track(number), {}};
        named.entry.track = named.track.id;
        named.entry.heard = {begin, end};
        named.entry.confidence = confidence;
        named.entry.first.place_seconds = 5;
        named.entry.last.place_seconds = 5 + end - begin;
        named.entry.evidence = {{begin, end}};
        return named;
    };
    library::RecordingTimeline timeline;
    timeline.seconds = 300;
    timeline.entries = {entry(1, 10, 100, 0.998), entry(2, 92, 200, 0.81)};
    timeline.entries[0].entry.last.time_ratio = 1.03;
    timeline.entries[0].entry.last.pitch_ratio = 1.03;
    timeline.entries[1].others = {{{make_track(3).id, 0.3, 12.5}, make_track(3)}};
    const library::SoundMatch alike{{.track = make_track(4).id, .similarity = 0.819}, make_track(4)};
    timeline.gaps = {{{{0, 10}, timeline::GapKind::unknown, 1, 2}},
                     {{{200, 280}, timeline::GapKind::silence}},
                     {{{280, 300}, timeline::GapKind::unknown, 1, 2}, {alike}}};
    return timeline;
}

}  // namespace audio_ident::test
