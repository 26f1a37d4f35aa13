#include "api/live_types.hpp"

#include "api/error_codes.hpp"
#include "api/rounding.hpp"
#include "util/json.hpp"

namespace audio_ident::api::wire {
namespace {

LivePlay live_play(const live::Play& play, const catalog::Track& track) {
    return {play.number,
            track_info(track),
            ten_thousandths(play.confidence),
            hundredths(play.began_seconds),
            thousandths(play.place_seconds),
            ten_thousandths(play.time_ratio),
            ten_thousandths(play.pitch_ratio),
            play.aligned};
}

/// Fills in what each kind of event says.
struct Teller {
    const std::vector<catalog::Track>& tracks;
    LiveEvent& words;

    void operator()(const live::Level& level) const {
        begin(LiveEventKind::level, level.at_seconds);
        words.level_db = tenths(level.level_db);
        words.peak_db = tenths(level.peak_db);
    }
    void operator()(const live::Listening& listening) const {
        begin(LiveEventKind::listening, listening.at_seconds);
        words.window_seconds = hundredths(listening.seconds);
    }
    void operator()(const live::Candidates& may) const {
        begin(LiveEventKind::candidates, may.at_seconds);
        words.window_seconds = hundredths(may.seconds);
        words.candidates.emplace();
        for (std::size_t i = 0; i < tracks.size(); ++i) {
            const live::Candidate& one = may.candidates[i];
            words.candidates->push_back(
                {track_info(tracks[i]), ten_thousandths(one.confidence), thousandths(one.place_seconds)});
        }
    }
    void operator()(const live::Match& match) const {
        begin(LiveEventKind::match, match.at_seconds);
        words.needed_seconds = hundredths(match.needed_seconds);
        words.play = live_play(match.play, tracks.front());
    }
    void operator()(const live::Refined& refined) const {
        begin(LiveEventKind::refined, refined.at_seconds);
        words.play = live_play(refined.play, tracks.front());
    }
    void operator()(const live::End& end) const {
        begin(LiveEventKind::end, end.at_seconds);
        words.ended = hundredths(end.ended_seconds);
        words.retracted = end.retracted;
        words.play = live_play(end.play, tracks.front());
    }
    void begin(LiveEventKind kind, double at) const {
        words.event = kind;
        words.at = hundredths(at);
    }
};

}  // namespace

audio::SampleFormat sample_format_of(LiveFormat format) {
    switch (format) {
        case LiveFormat::s24le: return audio::SampleFormat::s24le;
        case LiveFormat::s32le: return audio::SampleFormat::s32le;
        case LiveFormat::f32le: return audio::SampleFormat::f32le;
        case LiveFormat::s16le: break;
    }
    return audio::SampleFormat::s16le;
}

LiveEvent live_event(const library::NamedEvent& named) {
    LiveEvent words;
    std::visit(Teller{named.tracks, words}, named.event);
    return words;
}

LiveEvent live_finished(double seconds, std::int64_t plays) {
    LiveEvent words{.event = LiveEventKind::finished, .at = hundredths(seconds)};
    words.plays = plays;
    return words;
}

LiveEvent live_error(double seconds, const Error& error) {
    LiveEvent words{.event = LiveEventKind::error, .at = hundredths(seconds)};
    words.code = error_code_of(error).code;
    words.message = error.message;
    return words;
}

std::string live_text(const LiveEvent& event) {
    return util::json_text_of(event);
}

}  // namespace audio_ident::api::wire
