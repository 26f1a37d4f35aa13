#include "library/identify.hpp"

#include <csignal>
#include <gmock/gmock.h>
#include <latch>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <utility>

#include "support/encode.hpp"
#include "support/executor.hpp"
#include "support/fake_catalog.hpp"
#include "support/fake_embedder.hpp"
#include "support/fake_vector_index.hpp"
#include "support/tracks.hpp"
#include "unit/search/library.hpp"

namespace audio_ident::library {
namespace {

using testing::HasSubstr;

/// A model whose lane is never done in time.
class LateEmbedder final : public embedding::Embedder {
  public:
    enum class When {
        at_once,             ///< gives up like a lane whose deadline has passed
        after_the_deadline,  ///< has its answer some moments after its deadline
        when_let_go          ///< hangs until let_go()
    };
    LateEmbedder(const test::FakeEmbedder& other, When when) : other_(other), when_(when) {}

    const embedding::Model& model() const override { return other_.model(); }
    std::unique_ptr<embedding::EmbeddingStream> stream(const Deadline& deadline) const override {
        return std::make_unique<Stream>(*this, other_.stream({}), deadline);
    }
    Result<std::vector<float>> embed_text(std::string_view text, const Deadline& deadline) const override {
        return other_.embed_text(text, deadline);
    }

    void wait_until_it_hangs() const { hangs_.wait(); }
    void let_go() const { let_go_.count_down(); }

  private:
    class Stream final : public embedding::EmbeddingStream {
      public:
        Stream(const LateEmbedder& embedder, std::unique_ptr<embedding::EmbeddingStream> other, Deadline deadline)
            : embedder_(embedder), other_(std::move(other)), deadline_(std::move(deadline)) {}
        Result<void> consume(std::span<const float> samples) override {
            if (embedder_.when_ == When::at_once) return fail(ErrorKind::timeout, "no time left");
            return other_->consume(samples);
        }
        Result<embedding::Embedding> finish() override {
            if (embedder_.when_ == When::when_let_go) {
                embedder_.hangs_.count_down();
                embedder_.let_go_.wait();
                return other_->finish();
            }
            while (!deadline_.expired()) std::this_thread::sleep_for(std::chrono::milliseconds(10));
            std::this_thread::sleep_for(std::chrono::milliseconds(300));
            return other_->finish();
        }

      private:
        const LateEmbedder& embedder_;
        std::unique_ptr<embedding::EmbeddingStream> other_;
        Deadline deadline_;
    };

    const test::FakeEmbedder& other_;
    When when_;
    mutable std::latch hangs_{1};
    mutable std::latch let_go_{1};
};

/// A model that hears clips only as clips.
class ClipEmbedder final : public embedding::Embedder {
  public:
    explicit ClipEmbedder(const test::FakeEmbedder& other) : other_(other) {}

    const embedding::Model& model() const override { return other_.model(); }
    std::unique_ptr<embedding::EmbeddingStream> stream(const Deadline& deadline) const override {
        ADD_FAILURE() << "a clip was described like a recording";
        return other_.stream(deadline);
    }
    std::unique_ptr<embedding::EmbeddingStream> clip_stream(const Deadline& deadline) const override {
        return other_.stream(deadline);
    }
    Result<std::vector<float>> embed_text(std::string_view text, const Deadline& deadline) const override {
        return other_.embed_text(text, deadline);
    }

  private:
    const test::FakeEmbedder& other_;
};

/// Stops this whole process, as when its machine sleeps.
void stand_still(unsigned seconds) {
    const pid_t stopped = ::getpid();
    const pid_t other = ::fork();
    ASSERT_GE(other, 0);
    if (other == 0) {
        ::kill(stopped, SIGSTOP);
        ::sleep(seconds);
        ::kill(stopped, SIGCONT);
        ::_exit(0);
    }
    ::waitpid(other, nullptr, 0);
}

/// A library of songs in both lanes, and another tune that sounds like song 3.
class IdentifyTest : public testing::Test {
  protected:
    static void SetUpTestSuite() { library_ = std::make_unique<test::Library>(8, 30); }
    static void TearDownTestSuite() { library_.reset(); }

    void SetUp() override {
        for (std::uint32_t i = 0; i < 8; ++i) embed(library_->id(i), library_->track(i));
        // A worse recording of song 3.
        embed(alike_, test::mix_at_snr(library_->track(3), test::noise(5, 5, test::kRate), 6));
    }

    void embed(const TrackId& id, const test::Clip& clip) {
        auto row = test::make_track(rows_++);
        row.id = id;
        row.state = catalog::TrackState::ready;
        ASSERT_TRUE(catalog_.put({&row, 1}, {}));
        const auto stream = embedder_.stream({});
        ASSERT_TRUE(stream->consume(clip.samples));
        index::TrackVectors vectors{.id = id, .start_seconds = {}, .values = {}};
        const auto embedding = stream->finish();
        ASSERT_TRUE(embedding);
        for (const auto& chunk : embedding->chunks) {
            vectors.start_seconds.push_back(static_cast<float>(chunk.start_seconds));
            vectors.values.insert(vectors.values.end(), chunk.vector.begin(), chunk.vector.end());
        }
        vectors_.add(std::move(vectors));
    }

    Result<Identification> identify(Mode mode, const test::Clip& clip, IdentifyRequest request = {}) {
        return identify_by(model_, mode, clip, request);
    }
    Result<Identification> identify_by(const embedding::Embedder* model, Mode mode, const test::Clip& clip,
                                       IdentifyRequest request = {}) {
        const auto bytes = test::wav_bytes(clip);
        const auto vibe = [&](const Deadline&) -> Result<VibeParts> {
            if (!model) return fail(ErrorKind::not_available, "there is no model");
            return VibeParts{model, search::VibeLane(vectors_, {.typical = 0.1, .near = 0.4, .very_near = 0.8})};
        };
        request.mode = mode;
        return library::identify({*decoder_, catalog_, *exact_, vibe, lanes_}, bytes, request);
    }
    test::Clip clip() const { return test::section(library_->track(3), 10, 8); }
    static std::vector<TrackId> ids(const auto& matches) {
        std::vector<TrackId> ids;
        for (const auto& match : matches) ids.push_back(match.track.id);
        return ids;
    }

    static inline std::unique_ptr<test::Library> library_;
    const TrackId alike_ = test::numbered_id(100);
    std::unique_ptr<audio::Decoder> decoder_ = audio::make_ffmpeg_decoder();
    test::FakeCatalog catalog_;
    test::FakeVectorIndex vectors_;
    test::FakeEmbedder embedder_;
    test::Library strangers_{1, 5};
    const search::ExactLane knows_{library_->index().reader(), test::executor()};
    const search::ExactLane knows_nothing_{strangers_.index().reader(), test::executor()};
    const search::ExactLane* exact_ = &knows_;
    Executor lanes_{1};
    const embedding::Embedder* model_ = &embedder_;
    int rows_ = 0;
};

TEST_F(IdentifyTest, BothLanesAnswerAndTheVibeLaneDoesNotRepeatWhatTheClipIs) {
    const auto answer = identify(Mode::both, clip());
    ASSERT_TRUE(answer) << answer.error().message;
    ASSERT_TRUE(answer->exact && *answer->exact && answer->vibe && *answer->vibe);
    ASSERT_FALSE((*answer->exact)->empty());
    const Match& match = (*answer->exact)->front();
    EXPECT_EQ(match.track.id, library_->id(3));
    EXPECT_EQ(match.recording.track, match.track.id);
    EXPECT_NEAR(match.recording.offset_seconds, 10, 0.05);
    const auto& sounds = (*answer->vibe)->matches;
    ASSERT_FALSE(sounds.empty());
    EXPECT_THAT(ids(sounds), testing::Not(testing::Contains(library_->id(3))));
    EXPECT_EQ(sounds[0].sound.track, sounds[0].track.id);
}

TEST_F(IdentifyTest, ASureRecordingIsAskedWhatSoundsLikeItInsteadOfTheClip) {
    // So noisy that the vectors of the clip are like those of no track.
    const auto noisy = test::mix_at_snr(clip(), test::noise(7, 8, test::kRate), 0);
    for (const auto mode : {Mode::vibe, Mode::both}) {
        const auto answer = identify(mode, noisy, {.min_similarity = 0});
        ASSERT_TRUE(answer) << answer.error().message;
        EXPECT_TRUE((*answer->vibe)->by_recording);
        EXPECT_EQ(answer->exact.has_value(), mode == Mode::both);
        const auto& sounds = (*answer->vibe)->matches;
        EXPECT_THAT(sounds, testing::SizeIs(testing::Gt(2)));
        // With the exact lane's answer beside it, the recording is not repeated; alone it is the best match.
        EXPECT_EQ(sounds.at(0).track.id == library_->id(3), mode == Mode::vibe);
        EXPECT_EQ(sounds.at(0).sound.similarity == 1, mode == Mode::vibe);
    }
    exact_ = &knows_nothing_;
    const auto answer = identify(Mode::both, noisy);
    ASSERT_TRUE(answer) << answer.error().message;
    EXPECT_FALSE((*answer->vibe)->by_recording);
}

TEST_F(IdentifyTest, AClipOfARecordingWithoutVectorsIsDescribedAsItSounds) {
    vectors_.remove(library_->id(3));
    const auto answer = identify(Mode::both, clip());
    ASSERT_TRUE(answer) << answer.error().message;
    EXPECT_FALSE((*answer->vibe)->by_recording);
    EXPECT_THAT(ids((*answer->vibe)->matches), testing::Contains(alike_));
}

TEST_F(IdentifyTest, AClipInWhichAllTracksAreAskedForIsDescribedAsItSounds) {
    const auto answer = identify(Mode::both, clip(), {.places = Places::all});
    ASSERT_TRUE(answer) << answer.error().message;
    EXPECT_FALSE((*answer->vibe)->by_recording);
}

TEST_F(IdentifyTest, AllPlacesOfAPassageThatTheTrackRepeatsAreTold) {
    const auto jingle = test::section(library_->track(5), 10, 6);
    const test::Clip parts[] = {test::section(library_->track(1), 0, 12),  jingle,
                                test::section(library_->track(1), 12, 12), jingle,
                                test::section(library_->track(2), 0, 12),  jingle};
    test::Library thrice(std::vector{test::concatenate(parts)});
    const search::ExactLane lane(thrice.index().reader(), test::executor());
    exact_ = &lane;
    const auto answer = identify(Mode::exact, jingle, {.places = Places::all});
    ASSERT_TRUE(answer) << answer.error().message;
    ASSERT_EQ((*answer->exact)->size(), 1U);
    const search::RecordingMatch& match = (**answer->exact)[0].recording;
    std::vector<double> places = match.also_offsets;
    places.push_back(match.offset_seconds);
    EXPECT_THAT(places, testing::UnorderedElementsAre(testing::DoubleNear(12, 0.1), testing::DoubleNear(30, 0.1),
                                                      testing::DoubleNear(48, 0.1)));
}

TEST_F(IdentifyTest, ALaneThatIsNotAskedHasNoAnswer) {
    ASSERT_TRUE(catalog_.remove(alike_, {}));
    const auto vibe = identify(Mode::vibe, clip());
    ASSERT_TRUE(vibe) << vibe.error().message;
    EXPECT_FALSE(vibe->exact);
    ASSERT_TRUE(vibe->vibe && *vibe->vibe);
    EXPECT_EQ((*vibe->vibe)->model, "fake");
    ASSERT_FALSE((*vibe->vibe)->matches.empty());
    const SoundMatch& best = (*vibe->vibe)->matches[0];
    EXPECT_EQ(best.track.id, library_->id(3));
    EXPECT_NEAR(best.sound.best_moment_seconds, 10, 1.6);
    EXPECT_GT(best.sound.matched_chunks, 0U);
    const auto exact = identify(Mode::exact, clip());
    ASSERT_TRUE(exact) << exact.error().message;
    EXPECT_FALSE(exact->vibe);
}

TEST_F(IdentifyTest, WithoutAVibeLaneTheExactOneAnswers) {
    model_ = nullptr;
    const auto answer = identify(Mode::both, clip());
    ASSERT_TRUE(answer) << answer.error().message;
    EXPECT_EQ(answer->vibe->error().reason, Reason::lane_unavailable);
    EXPECT_FALSE((*answer->exact)->empty());
    const auto alone = identify(Mode::vibe, clip());
    ASSERT_FALSE(alone);
    EXPECT_EQ(alone.error().reason, Reason::lane_unavailable);
    EXPECT_EQ(alone.error().message, "there is no model");
}

TEST_F(IdentifyTest, ALaneThatFailsLeavesTheOthersAnswer) {
    vectors_.fail_with({ErrorKind::not_available, "the store is gone", {}});
    const auto answer = identify(Mode::both, clip());
    ASSERT_TRUE(answer) << answer.error().message;
    EXPECT_EQ(answer->vibe->error().reason, Reason::store_unavailable);
    EXPECT_FALSE((*answer->exact)->empty());
    const auto alone = identify(Mode::vibe, clip());
    ASSERT_FALSE(alone);
    EXPECT_EQ(alone.error().reason, Reason::store_unavailable);
}

TEST_F(IdentifyTest, AClipIsDescribedWithTheModelsMapForClips) {
    const ClipEmbedder model(embedder_);
    model_ = &model;
    exact_ = &knows_nothing_;
    const auto answer = identify(Mode::both, clip());
    ASSERT_TRUE(answer) << answer.error().message;
    EXPECT_THAT(ids((*answer->vibe)->matches), testing::Contains(library_->id(3)));
}

TEST_F(IdentifyTest, ALateLaneLeavesTheOthersAnswerAndSaysWhatItSpentItsTimeOn) {
    const LateEmbedder late(embedder_, LateEmbedder::When::at_once);
    model_ = &late;
    vectors_.remove(library_->id(3));
    const auto answer = identify(Mode::both, clip());
    ASSERT_TRUE(answer) << answer.error().message;
    EXPECT_EQ(answer->vibe->error().reason, Reason::search_timeout);
    EXPECT_THAT(answer->vibe->error().message, HasSubstr("s on describing"));
    EXPECT_FALSE((*answer->exact)->empty());
}

TEST_F(IdentifyTest, ASureRecordingIsAskedEvenWhenTheProcessStoodStillMeanwhile) {
    Executor two(2);
    bool first = true;
    const auto vibe = [&](const Deadline& deadline) -> Result<VibeParts> {
        if (std::exchange(first, false)) {
            unsigned waits = 0;  // of 10 ms, until the exact lane is sure
            for (; !deadline.expired() && waits < 6000; ++waits)
                std::this_thread::sleep_for(std::chrono::milliseconds(10));
            stand_still(2 + waits / 25);  // longer than it ran
            return fail(ErrorKind::timeout, "the exact lane was sure before the vectors were open");
        }
        return VibeParts{&embedder_, search::VibeLane(vectors_, {.typical = 0.1, .near = 0.4, .very_near = 0.8})};
    };
    const auto bytes = test::wav_bytes(clip());
    const auto answer = library::identify({*decoder_, catalog_, *exact_, vibe, two}, bytes, {.mode = Mode::both});
    ASSERT_TRUE(answer) << answer.error().message;
    ASSERT_TRUE(*answer->vibe) << answer->vibe->error().message;
    EXPECT_TRUE((*answer->vibe)->by_recording);
}

// It holds the only thread for lanes, so that the other search runs its lanes one after the other.
TEST_F(IdentifyTest, ALaneThatHangsInOneSearchLeavesAnotherSearchItsAnswers) {
    const LateEmbedder hanging(embedder_, LateEmbedder::When::when_let_go);
    Result<Identification> held;
    std::jthread holder([&] { held = identify_by(&hanging, Mode::both, clip()); });
    hanging.wait_until_it_hangs();
    const auto answer = identify(Mode::both, clip());
    hanging.let_go();
    holder.join();
    for (const auto& each : {answer, held}) {
        ASSERT_TRUE(each) << each.error().message;
        EXPECT_FALSE((*each->exact)->empty());
        EXPECT_FALSE((*each->vibe)->matches.empty());
    }
}

TEST_F(IdentifyTest, WhenNoLaneIsInTimeTheMessageNamesWhatTookIt) {
    const auto answer = identify(Mode::both, clip(), {.deadline = Deadline::after(std::chrono::seconds(-1))});
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().kind, ErrorKind::timeout);
    EXPECT_EQ(answer.error().reason, Reason::search_timeout);
    EXPECT_THAT(answer.error().message, HasSubstr("the search was not finished within"));
    EXPECT_THAT(answer.error().message, HasSubstr("the exact lane spent 0.0 s on decoding"));
    EXPECT_THAT(answer.error().message, HasSubstr("the vibe lane spent"));
}

// A busy machine: the lanes need all the time that a search has.
TEST_F(IdentifyTest, NamingWhatWasFoundHasTimeOfItsOwn) {
    const LateEmbedder late(embedder_, LateEmbedder::When::after_the_deadline);
    model_ = &late;
    exact_ = &knows_nothing_;
    const auto answer = identify(Mode::both, clip(), {.deadline = Deadline::after(std::chrono::milliseconds(1500))});
    ASSERT_TRUE(answer) << answer.error().message;
    ASSERT_TRUE(answer->vibe && *answer->vibe);
    EXPECT_FALSE((*answer->vibe)->matches.empty());
}

TEST_F(IdentifyTest, ACatalogThatDoesNotNameWhatWasFoundIsNoLateSearch) {
    catalog_.set_failure(Error{ErrorKind::timeout, "no connection was free", {}});
    const auto answer = identify(Mode::both, clip());
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().reason, Reason::store_unavailable);
    EXPECT_EQ(answer.error().message, "the catalog did not name what was found: no connection was free");
}

TEST_F(IdentifyTest, AClipThatIsTooShortIsTheClipsFaultInEveryMode) {
    for (const auto mode : {Mode::exact, Mode::vibe, Mode::both}) {
        const auto answer = identify(mode, test::section(clip(), 0, 2));
        ASSERT_FALSE(answer);
        EXPECT_EQ(answer.error().reason, Reason::audio_too_short);
    }
}

TEST_F(IdentifyTest, SilenceIsAnAnswer) {
    const auto answer = identify(Mode::both, test::silence(5));
    ASSERT_TRUE(answer) << answer.error().message;
    EXPECT_TRUE((*answer->exact)->empty());
    EXPECT_TRUE((*answer->vibe)->matches.empty());
}

TEST_F(IdentifyTest, TracksThatAreGoneFromTheCatalogAreNotNamed) {
    ASSERT_TRUE(catalog_.remove(library_->id(3), {}));
    const auto answer = identify(Mode::both, clip());
    ASSERT_TRUE(answer) << answer.error().message;
    EXPECT_THAT(ids(**answer->exact), testing::Not(testing::Contains(library_->id(3))));
    EXPECT_THAT(ids((*answer->vibe)->matches), testing::Not(testing::Contains(library_->id(3))));
}

}  // namespace
}  // namespace audio_ident::library
