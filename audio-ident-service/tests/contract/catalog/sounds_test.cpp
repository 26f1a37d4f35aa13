#include <gmock/gmock.h>
#include <string>

#include "backends.hpp"

namespace audio_ident::test {
namespace {

using catalog::CountedSound;
using catalog::MonitorRow;
using catalog::SoundPlayRow;
using catalog::SoundRow;
using std::chrono::seconds;
using testing::ElementsAre;
using testing::IsEmpty;

class CatalogSounds : public CatalogTest {
  protected:
    Uuid monitor(const std::string& name) {
        const MonitorRow row{
            .id = Uuid::random(), .name = name, .source = "/" + name, .created_at = now_, .now = {.status_at = now_}};
        EXPECT_TRUE(store_.add(row, deadline_));
        EXPECT_TRUE(store_.claim("a", now_, now_, deadline_));
        return row.id;
    }
    SoundRow sound(const Uuid& monitor, std::int64_t number) const {
        return {Uuid::random(), monitor, number, now_, now_ + seconds(1000), 1.0 / 3, {}};
    }
    SoundPlayRow play(const SoundRow& of, int begin) const {
        return {Uuid::random(), of.id, now_ + seconds(begin), now_ + seconds(begin + 10)};
    }
    void put(const Uuid& monitor, std::vector<SoundRow> sounds, std::vector<SoundPlayRow> plays) {
        EXPECT_EQ(store_.store_sounds(monitor, "a", {std::move(sounds), std::move(plays), {}, {}}, deadline_), true);
    }
    std::vector<std::int64_t> numbers(const Uuid& monitor) {
        std::vector<std::int64_t> all;
        const auto page = store_.sounds(monitor, 0, 100, deadline_).value();
        EXPECT_EQ(page.total, std::ssize(page.sounds));
        for (const auto& one : page.sounds) all.push_back(one.row.number);
        return all;
    }

    catalog::MonitorStore& store_ = catalog_->monitors();
};
INSTANTIATE_TEST_SUITE_P(All, CatalogSounds, testing::ValuesIn(all_backends()), testing::PrintToStringParamName());

TEST_P(CatalogSounds, AreListedByTheirPlays) {
    const auto radio = monitor("One");
    const auto other = monitor("Two");
    const auto first = sound(radio, 1);
    const auto second = sound(radio, 2);
    const auto third = sound(radio, 3);
    const auto elsewhere = sound(other, 1);
    const auto early = play(second, 0);
    const auto late = play(second, 500);
    put(radio, {first, second, third}, {play(first, 100), late, early, play(third, 300)});
    put(other, {elsewhere}, {play(elsewhere, 0)});
    EXPECT_THAT(numbers(radio), ElementsAre(2, 1, 3));
    EXPECT_EQ(store_.find_sound(radio, 2, deadline_)->value(), (CountedSound{second, 2}));
    EXPECT_EQ(store_.find_sound(radio, 4, deadline_).value(), std::nullopt);
    EXPECT_THAT(store_.sound_plays(second.id, 10, deadline_).value(), ElementsAre(late, early));
    EXPECT_THAT(store_.sound_plays(second.id, 1, deadline_).value(), ElementsAre(late));
    const auto page = store_.sounds(radio, 1, 1, deadline_).value();
    EXPECT_EQ(page.total, 3);
    EXPECT_THAT(page.sounds, ElementsAre(CountedSound{first, 1}));
    const auto recent = store_.recent_sound_plays(radio, now_ + seconds(310), deadline_).value();
    ASSERT_EQ(recent.size(), 2U);
    EXPECT_EQ(recent[0].sound, third.id) << "its end is that moment";
    EXPECT_EQ(recent[1], late);
}

TEST_P(CatalogSounds, ChangeButStayKept) {
    const auto radio = monitor("One");
    auto one = sound(radio, 1);
    auto first = play(one, 0);
    const auto second = play(one, 300);
    put(radio, {one}, {first, second});
    const auto track = TrackId::random();
    EXPECT_EQ(store_.keep_sound(one.id, track, deadline_), true);
    EXPECT_EQ(store_.keep_sound(Uuid::random(), track, deadline_), false);

    one.seconds = 12;
    one.last_heard_at += seconds(60);
    first.ended_at += seconds(2);
    EXPECT_EQ(store_.store_sounds(radio, "a", {{one}, {first}, {second.id}, {}}, deadline_), true);
    one.track = track;
    EXPECT_EQ(store_.find_sound(radio, 1, deadline_)->value(), (CountedSound{one, 1}));
    EXPECT_THAT(store_.sound_plays(one.id, 10, deadline_).value(), ElementsAre(first));

    EXPECT_EQ(store_.store_sounds(radio, "a", {{}, {}, {}, {one.id}}, deadline_), true);
    EXPECT_THAT(numbers(radio), IsEmpty());
    EXPECT_THAT(store_.sound_plays(one.id, 10, deadline_).value(), IsEmpty());
}

TEST_P(CatalogSounds, AreStoredTogetherOrNotAtAll) {
    const auto radio = monitor("One");
    const auto one = sound(radio, 1);
    put(radio, {one}, {play(one, 0)});
    const auto refused =
        store_.store_sounds(radio, "a", {{sound(radio, 2), sound(radio, 1)}, {play(one, 300)}, {}, {}}, deadline_);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().kind, ErrorKind::invalid_input) << "the number is taken";
    EXPECT_EQ(store_.sound_plays(one.id, 10, deadline_)->size(), 1U);
    const auto nowhere = Uuid::random();
    EXPECT_EQ(store_.store_sounds(nowhere, "a", {{sound(nowhere, 1)}, {}, {}, {}}, deadline_), false);
}

TEST_P(CatalogSounds, AreForgottenWithTheirLastPlay) {
    const auto radio = monitor("One");
    auto old = sound(radio, 1);
    auto kept = sound(radio, 2);
    const auto fresh = sound(radio, 3);
    old.last_heard_at = kept.last_heard_at = now_ + seconds(30);
    put(radio, {old, kept, fresh}, {play(old, 0), play(kept, 30), play(fresh, 0), play(fresh, 1000)});
    ASSERT_TRUE(store_.keep_sound(kept.id, TrackId::random(), deadline_));
    EXPECT_EQ(store_.forget(now_ + seconds(300), deadline_), 0) << "plays of tracks";
    EXPECT_THAT(numbers(radio), ElementsAre(3, 2));
    EXPECT_EQ(store_.find_sound(radio, 3, deadline_)->value().plays, 1);
    EXPECT_EQ(store_.find_sound(radio, 2, deadline_)->value().plays, 0);
}

TEST_P(CatalogSounds, AreRemovedWithTheirMonitor) {
    const auto radio = monitor("One");
    const auto other = monitor("Two");
    const auto one = sound(radio, 1);
    const auto two = sound(other, 1);
    put(radio, {one}, {play(one, 0)});
    put(other, {two}, {play(two, 0)});
    EXPECT_EQ(store_.remove(radio, deadline_), true);
    EXPECT_THAT(numbers(radio), IsEmpty());
    EXPECT_THAT(store_.sound_plays(one.id, 10, deadline_).value(), IsEmpty());
    EXPECT_THAT(numbers(other), ElementsAre(1));
}

}  // namespace
}  // namespace audio_ident::test
