#include "api/sound_types.hpp"

#include "api/rounding.hpp"
#include "catalog/timestamp_text.hpp"

namespace audio_ident::api {

wire::Sound sound_of(const catalog::CountedSound& sound, SoundAudio audio) {
    const auto& row = sound.row;
    return {row.number,
            sound.plays,
            catalog::timestamp_to_text(row.first_heard_at),
            catalog::timestamp_to_text(row.last_heard_at),
            hundredths(row.seconds),
            audio == SoundAudio::present,
            row.track ? std::optional(row.track->to_string()) : std::nullopt};
}

wire::SoundPlay sound_play_of(const catalog::SoundPlayRow& row) {
    return {catalog::timestamp_to_text(row.started_at), catalog::timestamp_to_text(row.ended_at)};
}

}  // namespace audio_ident::api
