// Answers while the sound still plays, against a library of synthesised songs.
#include "live/session.hpp"

#include "unit/search/library.hpp"

namespace audio_ident::live {
namespace {

using namespace audio_ident::test;

class LiveTest : public testing::Test {
  protected:
    static void SetUpTestSuite() { library_ = std::make_unique<Library>(4, 24); }
    static void TearDownTestSuite() { library_.reset(); }

    static Session session(const Deadline& deadline = {}) {
        return {library_->index().reader(), executor_, {.deadline = deadline}};
    }
    static std::vector<Event> hear(Session& session, const Clip& sound, std::size_t block = 1600) {
        std::vector<Event> events;
        const auto add = [&](Result<std::vector<Event>> more) {
            if (!more) throw std::runtime_error(more.error().message);
            events.insert(events.end(), more->begin(), more->end());
        };
        for (std::span<const float> rest = sound.samples; !rest.empty();) {
            const auto part = rest.first(std::min(block, rest.size()));
            rest = rest.subspan(part.size());
            add(session.consume(part));
        }
        add(session.finish());
        return events;
    }
    static std::vector<Event> hear(const Clip& sound, std::size_t block = 1600) {
        auto listening = session();
        return hear(listening, sound, block);
    }
    template <typename Kind>
    static std::vector<Kind> of_kind(const std::vector<Event>& events) {
        std::vector<Kind> found;
        for (const Event& event : events) {
            if (const auto* one = std::get_if<Kind>(&event)) found.push_back(*one);
        }
        return found;
    }

    static inline std::unique_ptr<Library> library_;
    static inline Executor executor_{2};
};

TEST_F(LiveTest, AnswersLongBeforeTheEnd) {
    const auto events = hear(section(library_->track(1), 7, 12));
    const auto matches = of_kind<Match>(events);
    ASSERT_EQ(matches.size(), 1U);
    EXPECT_EQ(matches[0].play.track, library_->id(1));
    EXPECT_LE(matches[0].needed_seconds, 3);
    EXPECT_EQ(matches[0].at_seconds, matches[0].needed_seconds);
    EXPECT_GE(matches[0].play.confidence, 0.9);
    EXPECT_NEAR(matches[0].play.place_seconds, 7 + matches[0].play.began_seconds, 0.05);
    const auto ends = of_kind<End>(events);
    ASSERT_EQ(ends.size(), 1U);
    EXPECT_FALSE(ends[0].retracted);
    EXPECT_NEAR(ends[0].ended_seconds, 12, 0.1);
    EXPECT_EQ(of_kind<Level>(events).size(), 24U);
}

TEST_F(LiveTest, HowTheSoundIsCutChangesNothing) {
    const Clip parts[] = {section(library_->track(1), 3, 4), section(library_->track(2), 9, 5)};
    const Clip sound = concatenate(parts);
    const auto described = [&](std::size_t block) {
        std::vector<std::tuple<double, std::string, double>> told;
        for (const Event& event : hear(sound, block)) {
            if (const auto* match = std::get_if<Match>(&event))
                told.emplace_back(match->at_seconds, match->play.track.to_string(), match->play.place_seconds);
            if (const auto* end = std::get_if<End>(&event))
                told.emplace_back(end->at_seconds, end->play.track.to_string(), end->ended_seconds);
        }
        return told;
    };
    const auto in_one = described(sound.samples.size());
    EXPECT_EQ(in_one, described(333));
}

TEST_F(LiveTest, NamesOneTrackAfterTheOther) {
    const Clip parts[] = {silence(3, kRate), section(library_->track(0), 5, 11), section(library_->track(2), 2, 9)};
    const auto events = hear(concatenate(parts));
    const auto matches = of_kind<Match>(events);
    ASSERT_EQ(matches.size(), 2U);
    EXPECT_EQ(matches[0].play.track, library_->id(0));
    EXPECT_LE(matches[0].needed_seconds, 3) << "silence does not count";
    EXPECT_NEAR(matches[0].play.began_seconds, 3, 0.6);
    EXPECT_EQ(matches[1].play.track, library_->id(2));
    EXPECT_EQ(matches[1].play.number, 2U);
    const auto ends = of_kind<End>(events);
    ASSERT_EQ(ends.size(), 2U);
    EXPECT_NEAR(ends[0].ended_seconds, 14, 1);
    EXPECT_NEAR(matches[1].play.began_seconds, 14, 1);
    EXPECT_NEAR(matches[1].play.place_seconds, 2 + matches[1].play.began_seconds - 14, 0.05);
}

TEST_F(LiveTest, FollowsATrackAtAnotherSpeed) {
    const auto events = hear(faster(section(library_->track(3), 0, 14), 1.04));
    const auto matches = of_kind<Match>(events);
    ASSERT_EQ(matches.size(), 1U);
    EXPECT_EQ(matches[0].play.track, library_->id(3));
    EXPECT_NEAR(matches[0].play.time_ratio, 1.04, 0.005);
    const auto ends = of_kind<End>(events);
    ASSERT_EQ(ends.size(), 1U);
    EXPECT_NEAR(ends[0].ended_seconds, 14 / 1.04, 0.6);
}

TEST_F(LiveTest, SaysNothingOfStrangersAndSilence) {
    for (const Clip& sound : {music(77, 9, kRate), noise(5, 4, kRate), silence(6, kRate)}) {
        const auto events = hear(sound);
        EXPECT_TRUE(of_kind<Match>(events).empty());
        EXPECT_TRUE(of_kind<End>(events).empty());
    }
    EXPECT_FALSE(of_kind<Listening>(hear(noise(5, 2, kRate))).empty());
    EXPECT_EQ(of_kind<Level>(hear(silence(1, kRate))).front().level_db, kFaintest);
}

TEST_F(LiveTest, TheEndIsNoSecondLookAtTheSameSound) {
    std::vector<double> looks;
    for (const auto& look : of_kind<Listening>(hear(noise(5, 2.5, kRate)))) looks.push_back(look.at_seconds);
    EXPECT_EQ(looks, (std::vector<double>{1, 1.5, 2, 2.5}));
}

TEST_F(LiveTest, AShortSoundIsNotSearched) {
    EXPECT_TRUE(of_kind<Match>(hear(section(library_->track(1), 5, 0.8))).empty());
    auto nothing = session();
    EXPECT_TRUE(nothing.finish().value().empty());
}

TEST_F(LiveTest, AStopEndsIt) {
    std::stop_source stop;
    auto listening = session(Deadline::never(stop.get_token()));
    const Clip sound = section(library_->track(1), 0, 2);
    ASSERT_TRUE(listening.consume(sound.samples));
    stop.request_stop();
    const auto stopped = listening.consume(sound.samples);
    ASSERT_FALSE(stopped);
    EXPECT_EQ(stopped.error().kind, ErrorKind::timeout);
}

TEST_F(LiveTest, AnIndexThatChangesMeanwhileIsSearchedAsItIs) {
    Library library(2, 20);
    Session listening(library.index().reader(), executor_, {});
    ASSERT_TRUE(of_kind<Match>(listening.consume(section(library_->track(3), 4, 4).samples).value()).empty());
    fingerprint::Extractor extractor;
    extractor.consume(library_->track(3).samples);
    ASSERT_TRUE(library.index().writer().add(std::vector{index::TrackFingerprint{numbered_id(9), extractor.finish()}},
                                             Deadline()));
    const auto matches = of_kind<Match>(listening.consume(section(library_->track(3), 8, 6).samples).value());
    ASSERT_EQ(matches.size(), 1U);
    EXPECT_EQ(matches[0].play.track, numbered_id(9));
}

}  // namespace
}  // namespace audio_ident::live
