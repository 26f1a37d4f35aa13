#pragma once

#include <boost/describe.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "catalog/sound_store.hpp"

// Requests and responses about unknown sounds of monitors. Described once (BOOST_DESCRIBE): JSON, the checks of
// requests and /openapi.json follow from here and from api/constraints.cpp. docs/api-contract.md shows the same types
// in TypeScript; a test compares them.

namespace audio_ident::api::wire {

struct Sound {
    std::int64_t number = 0;
    std::int64_t plays = 0;
    std::string first_heard_at;
    std::string last_heard_at;
    double seconds = 0;
    bool has_audio = false;
    std::optional<std::string> track_id;
};
BOOST_DESCRIBE_STRUCT(Sound, (), (number, plays, first_heard_at, last_heard_at, seconds, has_audio, track_id))

struct SoundsQuery {
    std::int64_t page = 1;
    std::int64_t per_page = 50;
};
BOOST_DESCRIBE_STRUCT(SoundsQuery, (), (page, per_page))

struct SoundPage {
    std::vector<Sound> items;
    std::int64_t total = 0;
    std::int64_t page = 1;
    std::int64_t per_page = 50;
    std::int64_t pages = 0;
};
BOOST_DESCRIBE_STRUCT(SoundPage, (), (items, total, page, per_page, pages))

struct SoundPlay {
    std::string started_at;
    std::string ended_at;
};
BOOST_DESCRIBE_STRUCT(SoundPlay, (), (started_at, ended_at))

struct SoundPlayList {
    std::vector<SoundPlay> items;
};
BOOST_DESCRIBE_STRUCT(SoundPlayList, (), (items))

struct KeepSoundForm {
    std::optional<std::string> title;
    std::optional<std::string> artist;
};
BOOST_DESCRIBE_STRUCT(KeepSoundForm, (), (title, artist))

}  // namespace audio_ident::api::wire

namespace audio_ident::api {

/// Whether there is audio of it on this machine.
enum class SoundAudio { absent, present };
wire::Sound sound_of(const catalog::CountedSound& sound, SoundAudio audio);
wire::SoundPlay sound_play_of(const catalog::SoundPlayRow& row);

}  // namespace audio_ident::api
