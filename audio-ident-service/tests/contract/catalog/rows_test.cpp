#include <cmath>
#include <functional>
#include <gmock/gmock.h>
#include <limits>
#include <utility>

#include "backends.hpp"
#include "support/tracks.hpp"

namespace audio_ident::test {
namespace {

using catalog::Track;
using catalog::TrackState;
using testing::UnorderedElementsAre;

class CatalogRows : public CatalogTest {};
INSTANTIATE_TEST_SUITE_P(All, CatalogRows, testing::ValuesIn(all_backends()), testing::PrintToStringParamName());

/// A track whose values reveal any loss of precision, length or encoding.
Track full_track() {
    Track track = make_track(1);
    for (int i = 0; i < 500; ++i) track.title += i == 0 ? "" : "🎵";
    track.title = track.title.substr(track.title.find("🎵"));
    track.artist = "Sigur Rós';--\n\"";
    track.album = "";
    track.duration_seconds = 0.1 + 0.2;
    track.sample_rate = 44100;
    track.channels = 2;
    track.bitrate = std::numeric_limits<int>::max();
    track.format = "flac";
    track.audio_stream = 2;
    track.audio_streams = 3;
    track.stated_seconds = 45.75;
    track.damaged_frames = std::int64_t{1} << 40;
    track.kin = make_track(7).id;
    track.file_size_bytes = std::int64_t{1} << 53 | 1;
    track.file_path = "/music/caf\\xE9 \n%_.flac";
    track.file_modified_ns = -1;
    track.chromaprint_fingerprint = std::string(20000, 'A');
    track.chromaprint_duration = 1.0 / 3;
    track.fingerprint_indexed = true;
    track.embedding_model = "musicnn";
    track.embedding_dim = 200;
    track.tags = {{"jazz", 0.71}, {"hip-hop", 0.125}};
    track.state = TrackState::ready;
    return track;
}

void expect_same(const Track& stored, const Track& given) {
    EXPECT_EQ(stored.id, given.id);
    EXPECT_EQ(stored.title, given.title);
    EXPECT_EQ(stored.artist, given.artist);
    EXPECT_EQ(stored.album, given.album);
    EXPECT_EQ(stored.duration_seconds, given.duration_seconds);
    EXPECT_EQ(stored.sample_rate, given.sample_rate);
    EXPECT_EQ(stored.channels, given.channels);
    EXPECT_EQ(stored.bitrate, given.bitrate);
    EXPECT_EQ(stored.format, given.format);
    EXPECT_EQ(stored.audio_stream, given.audio_stream);
    EXPECT_EQ(stored.audio_streams, given.audio_streams);
    EXPECT_EQ(stored.stated_seconds, given.stated_seconds);
    EXPECT_EQ(stored.damaged_frames, given.damaged_frames);
    EXPECT_EQ(stored.kin, given.kin);
    EXPECT_EQ(stored.file_hash_sha256, given.file_hash_sha256);
    EXPECT_EQ(stored.file_size_bytes, given.file_size_bytes);
    EXPECT_EQ(stored.file_path, given.file_path);
    EXPECT_EQ(stored.file_modified_ns, given.file_modified_ns);
    EXPECT_EQ(stored.chromaprint_fingerprint, given.chromaprint_fingerprint);
    EXPECT_EQ(stored.chromaprint_duration, given.chromaprint_duration);
    EXPECT_EQ(stored.fingerprint_indexed, given.fingerprint_indexed);
    EXPECT_EQ(stored.embedding_model, given.embedding_model);
    EXPECT_EQ(stored.embedding_dim, given.embedding_dim);
    EXPECT_EQ(stored.tags, given.tags);
    EXPECT_EQ(stored.state, given.state);
}

TEST_P(CatalogRows, EveryColumnComesBackAsItWas) {
    const Track full = full_track();
    const Track bare = make_track(2);
    add(full);
    add(bare);
    for (const Track& given : {full, bare}) {
        const auto stored = catalog_->find(given.id, deadline_);
        ASSERT_TRUE(stored && *stored);
        expect_same(**stored, given);
        EXPECT_EQ((*stored)->ingested_at, now_);
        EXPECT_EQ((*stored)->updated_at, now_);
    }
}

TEST_P(CatalogRows, UpdateReplacesEveryColumnButTheTimeOfIngest) {
    add(full_track());
    const auto ingested_at = now_;
    now_ += std::chrono::microseconds(1);
    Track changed = make_track(2);
    changed.id = full_track().id;
    changed.ingested_at = now_;

    EXPECT_EQ(catalog_->update(changed, deadline_), true);
    const auto stored = catalog_->find(changed.id, deadline_);
    ASSERT_TRUE(stored && *stored);
    expect_same(**stored, changed);
    EXPECT_EQ((*stored)->ingested_at, ingested_at);
    EXPECT_EQ((*stored)->updated_at, now_);
    EXPECT_FALSE(catalog_->find_by_hash(full_track().file_hash_sha256, deadline_).value());
}

TEST_P(CatalogRows, AbsenceIsAValue) {
    add(make_track(1));
    const Track absent = make_track(2);
    EXPECT_EQ(catalog_->update(absent, deadline_), false);
    EXPECT_EQ(catalog_->remove(absent.id, deadline_), false);
    for (const auto& found :
         {catalog_->find(absent.id, deadline_), catalog_->find_by_hash(absent.file_hash_sha256, deadline_),
          catalog_->find_by_path(absent.file_path, deadline_)}) {
        ASSERT_TRUE(found);
        EXPECT_FALSE(*found);
    }
    EXPECT_EQ(catalog_->count(std::nullopt, deadline_), 1);
}

TEST_P(CatalogRows, RemovedRowIsGoneAndItsContentMayComeBack) {
    add(make_track(1));
    EXPECT_EQ(catalog_->remove(make_track(1).id, deadline_), true);
    EXPECT_EQ(catalog_->remove(make_track(1).id, deadline_), false);
    add(make_track(1));
    EXPECT_EQ(catalog_->count(std::nullopt, deadline_), 1);
}

TEST_P(CatalogRows, OneIdAndOneContentExistOnce) {
    add(make_track(1));
    add(make_track(2));
    Track same_id = make_track(3);
    same_id.id = make_track(1).id;
    Track same_content = make_track(3);
    same_content.file_hash_sha256 = make_track(1).file_hash_sha256;
    Track takes_content = make_track(2);
    takes_content.file_hash_sha256 = make_track(1).file_hash_sha256;

    for (const auto& refused : {catalog_->insert(same_id, deadline_), catalog_->insert(same_content, deadline_)}) {
        ASSERT_FALSE(refused);
        EXPECT_EQ(refused.error().kind, ErrorKind::invalid_input) << refused.error().message;
    }
    const auto refused = catalog_->update(takes_content, deadline_);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().kind, ErrorKind::invalid_input) << refused.error().message;
    EXPECT_EQ(catalog_->count(std::nullopt, deadline_), 2);
    add(make_track(3));
}

TEST_P(CatalogRows, PutAddsNewRowsAndReplacesThoseThatAreThere) {
    Track known = make_track(1);
    add(known);
    known.title = "Changed";
    known.state = TrackState::ready;
    const auto then = now_;
    now_ += std::chrono::seconds(5);
    const Track fresh = make_track(2);
    ASSERT_TRUE(catalog_->put(std::vector{known, fresh}, deadline_));
    for (const Track& given : {known, fresh}) {
        const auto stored = catalog_->find(given.id, deadline_);
        ASSERT_TRUE(stored && *stored);
        expect_same(**stored, given);
        EXPECT_EQ((*stored)->updated_at, now_);
        EXPECT_EQ((*stored)->ingested_at, given.id == known.id ? then : now_);
    }
    EXPECT_TRUE(catalog_->put({}, deadline_));
}

TEST_P(CatalogRows, PutStoresAllRowsOrNone) {
    const Track known = make_track(1);
    add(known);
    Track same_content = make_track(3);
    same_content.file_hash_sha256 = known.file_hash_sha256;
    Track untitled = make_track(4);
    untitled.title.clear();
    for (const Track& wrong : {same_content, untitled}) {
        Track changed = known;
        changed.title = "Changed";
        const auto put = catalog_->put(std::vector{changed, make_track(2), wrong}, deadline_);
        ASSERT_FALSE(put);
        EXPECT_EQ(put.error().kind, ErrorKind::invalid_input);
        EXPECT_EQ(*catalog_->count(std::nullopt, deadline_), 1);
        EXPECT_EQ((**catalog_->find(known.id, deadline_)).title, known.title);
    }
}

TEST_P(CatalogRows, ValuesBeyondTheirBoundsAreRefusedByName) {
    std::string long_text;
    for (int i = 0; i < 501; ++i) long_text += "ä";
    using Spoil = std::function<void(Track&)>;
    const std::vector<std::pair<std::string, Spoil>> cases = {
        {"id", [](Track& t) { t.id = TrackId(); }},
        {"title", [](Track& t) { t.title = ""; }},
        {"title", [&](Track& t) { t.title = long_text; }},
        {"title", [](Track& t) { t.title = "caf\xE9"; }},
        {"title", [](Track& t) { t.title = std::string("a\0b", 3); }},
        {"artist", [&](Track& t) { t.artist = long_text; }},
        {"album", [&](Track& t) { t.album = long_text; }},
        {"duration_seconds", [](Track& t) { t.duration_seconds = -0.5; }},
        {"duration_seconds", [](Track& t) { t.duration_seconds = std::nan(""); }},
        {"sample_rate", [](Track& t) { t.sample_rate = 0; }},
        {"channels", [](Track& t) { t.channels = -1; }},
        {"bitrate", [](Track& t) { t.bitrate = -1; }},
        {"format", [](Track& t) { t.format = std::string(21, 'x'); }},
        {"audio_stream", [](Track& t) { t.audio_stream = 0; }},
        {"audio_streams", [](Track& t) { t.audio_streams = -1; }},
        {"stated_seconds", [](Track& t) { t.stated_seconds = -1; }},
        {"damaged_frames", [](Track& t) { t.damaged_frames = -1; }},
        {"file_hash_sha256", [](Track& t) { t.file_hash_sha256[0] = 'A'; }},
        {"file_hash_sha256", [](Track& t) { t.file_hash_sha256.pop_back(); }},
        {"file_size_bytes", [](Track& t) { t.file_size_bytes = -1; }},
        {"file_path", [](Track& t) { t.file_path = "music/a.mp3"; }},
        {"file_path", [](Track& t) { t.file_path = "/music/\xFF.mp3"; }},
        {"chromaprint_duration", [](Track& t) { t.chromaprint_duration = HUGE_VAL; }},
        {"embedding_model", [](Track& t) { t.embedding_model = std::string(101, 'x'); }},
        {"embedding_dim", [](Track& t) { t.embedding_dim = 0; }},
    };
    add(make_track(1));
    for (const auto& [column, spoil] : cases) {
        Track fresh = make_track(2);
        spoil(fresh);
        const auto added = catalog_->insert(fresh, deadline_);
        ASSERT_FALSE(added) << column;
        EXPECT_EQ(added.error().kind, ErrorKind::invalid_input);
        EXPECT_THAT(added.error().message, testing::HasSubstr(column));

        Track known = make_track(1);
        spoil(known);
        const auto updated = catalog_->update(known, deadline_);
        ASSERT_FALSE(updated) << column;
        EXPECT_EQ(updated.error().kind, ErrorKind::invalid_input);
    }
    EXPECT_EQ(catalog_->count(std::nullopt, deadline_), 1);
}

TEST_P(CatalogRows, LongestAllowedValuesFit) {
    // 500 characters that compress badly and fold to up to 18 characters each.
    Track track = make_track(1);
    track.title.clear();
    std::string artist;
    for (int i = 0; i < 500; ++i) {
        track.title += "\uFDFA";
        artist += fmt::format("{}", static_cast<char>('a' + i * 7 % 26));
    }
    track.artist = artist;
    track.file_path = "/" + std::string(16000, 'x');
    add(track);
    const auto stored = catalog_->find_by_path(track.file_path, deadline_);
    ASSERT_TRUE(stored && *stored);
    expect_same(**stored, track);
}

TEST_P(CatalogRows, FindsManyAtOnceAndLeavesOutTheAbsent) {
    std::vector<TrackId> ids;
    for (int i = 1; i <= 50; ++i) {
        add(make_track(i));
        ids.push_back(make_track(i).id);
    }
    for (int i = 0; i < 40000; ++i) ids.push_back(TrackId::random());

    const auto found = catalog_->find_many(ids, deadline_);
    ASSERT_TRUE(found) << found.error().message;
    EXPECT_EQ(found->size(), 50U);
    const auto two = catalog_->find_many(std::span(ids).subspan(48, 3), deadline_);
    ASSERT_TRUE(two);
    std::vector<std::string> titles;
    for (const Track& track : *two) titles.push_back(track.title);
    EXPECT_THAT(titles, UnorderedElementsAre("Title 49", "Title 50"));
    EXPECT_EQ(catalog_->find_many({}, deadline_)->size(), 0U);
}

TEST_P(CatalogRows, NewestRowOfAPathWins) {
    for (int i = 1; i <= 3; ++i) {
        Track track = make_track(i);
        track.file_path = "/music/same.mp3";
        now_ += std::chrono::microseconds(i == 2 ? 10 : -1);
        add(track);
    }
    const auto found = catalog_->find_by_path("/music/same.mp3", deadline_);
    ASSERT_TRUE(found && *found);
    EXPECT_EQ((*found)->title, "Title 2");
}

TEST_P(CatalogRows, VisitsFilesInTheOrderOfTheirPathsByByte) {
    const std::vector<std::string> ordered = {"/A", "/a", "/a b", "/a/b", "/b", "/z", "/ä", "/日"};
    for (std::size_t i = 0; i < ordered.size(); ++i) {
        Track track = make_track(static_cast<int>(i * 5 % ordered.size()));
        track.file_path = ordered[i * 5 % ordered.size()];
        add(track);
    }
    Track ready = make_track(0);
    ready.file_path = ordered[0];
    ready.state = TrackState::ready;
    ASSERT_EQ(catalog_->update(ready, deadline_), true);

    std::vector<catalog::FileRecord> files;
    ASSERT_TRUE(catalog_->for_each_file([&](const auto& file) { files.push_back(file); }, deadline_));
    ASSERT_EQ(files.size(), ordered.size());
    for (std::size_t i = 0; i < ordered.size(); ++i) {
        const Track expected = make_track(static_cast<int>(i));
        EXPECT_EQ(files[i].file_path, ordered[i]);
        EXPECT_EQ(files[i].id, expected.id);
        EXPECT_EQ(files[i].file_hash_sha256, expected.file_hash_sha256);
        EXPECT_EQ(files[i].file_size_bytes, expected.file_size_bytes);
        EXPECT_EQ(files[i].file_modified_ns, expected.file_modified_ns);
        EXPECT_EQ(files[i].duration_seconds, expected.duration_seconds);
        EXPECT_EQ(files[i].state, i == 0 ? TrackState::ready : TrackState::pending);
    }
}

TEST_P(CatalogRows, ChromaprintsOfReadyTracksWithinTheDuration) {
    for (int i = 1; i <= 6; ++i) {
        Track track = make_track(i);
        track.duration_seconds = 100 + i;
        track.state = i == 3 ? TrackState::pending : TrackState::ready;
        if (i != 4) track.chromaprint_fingerprint = fmt::format("AQ{}", i);
        add(track);
    }
    std::vector<std::string> seen;
    const auto visit = [&](const TrackId& id, double duration, const std::string& fingerprint) {
        EXPECT_EQ(id, make_track(static_cast<int>(duration) - 100).id);
        seen.push_back(fingerprint);
    };
    ASSERT_TRUE(catalog_->for_each_chromaprint(102, 105, visit, deadline_));
    EXPECT_THAT(seen, UnorderedElementsAre("AQ2", "AQ5"));
}

TEST_P(CatalogRows, CountsByState) {
    EXPECT_EQ(catalog_->count(std::nullopt, deadline_), 0);
    for (int i = 1; i <= 5; ++i) {
        Track track = make_track(i);
        track.state = i > 3 ? TrackState::ready : TrackState::pending;
        add(track);
    }
    EXPECT_EQ(catalog_->count(std::nullopt, deadline_), 5);
    EXPECT_EQ(catalog_->count(TrackState::ready, deadline_), 2);
    EXPECT_EQ(catalog_->count(TrackState::pending, deadline_), 3);
}

TEST_P(CatalogRows, GenerationGrowsWithChangesAndOnlyWithThem) {
    const auto generation = [&] { return catalog_->generation(deadline_).value(); };
    std::int64_t last = generation();
    const auto grew = [&] { return std::exchange(last, generation()) < last; };
    add(make_track(1));
    EXPECT_TRUE(grew());
    ASSERT_EQ(catalog_->update(make_track(1), deadline_), true);
    EXPECT_TRUE(grew());
    ASSERT_EQ(catalog_->remove(make_track(1).id, deadline_), true);
    EXPECT_TRUE(grew());

    add(make_track(2));
    EXPECT_TRUE(grew());
    EXPECT_FALSE(catalog_->insert(make_track(2), deadline_));
    EXPECT_EQ(catalog_->update(make_track(3), deadline_), false);
    EXPECT_EQ(catalog_->remove(make_track(3).id, deadline_), false);
    EXPECT_FALSE(grew());
}

TEST_P(CatalogRows, PassedDeadlineAndStopEndACall) {
    std::stop_source stop;
    stop.request_stop();
    for (const Deadline& deadline : {Deadline::after(std::chrono::seconds(0)), Deadline::never(stop.get_token())}) {
        for (const auto& error :
             {catalog_->insert(make_track(1), deadline).error(), catalog_->find(make_track(1).id, deadline).error(),
              catalog_->list({}, deadline).error(), catalog_->ping(deadline).error()}) {
            EXPECT_EQ(error.kind, ErrorKind::timeout) << error.message;
        }
    }
    EXPECT_TRUE(catalog_->ping(deadline_));
    EXPECT_EQ(catalog_->count(std::nullopt, deadline_), 0);
}

}  // namespace
}  // namespace audio_ident::test
