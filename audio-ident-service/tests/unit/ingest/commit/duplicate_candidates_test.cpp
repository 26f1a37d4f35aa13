#include "ingest/commit/duplicate_candidates.hpp"

#include <algorithm>
#include <bit>
#include <gtest/gtest.h>

#include "audio/chromaprint.hpp"
#include "support/fake_catalog.hpp"
#include "support/random.hpp"
#include "support/tracks.hpp"

namespace audio_ident::ingest {
namespace {

using Words = std::vector<std::uint32_t>;

Words make_words(std::uint64_t seed, std::size_t count = 940) {
    audio_ident::test::Random random(seed);
    Words words(count);
    for (auto& word : words) word = static_cast<std::uint32_t>(random.next());
    return words;
}

/// Flips each bit with the given probability.
Words damaged(Words words, double rate, std::uint64_t seed) {
    audio_ident::test::Random random(seed);
    for (auto& word : words) {
        for (int bit = 0; bit < 32; ++bit) {
            if (random.uniform() < rate) word ^= 1U << bit;
        }
    }
    return words;
}

TEST(ChromaprintSketch, PassesDamagedAndShiftedRecordings) {
    const Words original = make_words(1);
    const ChromaprintSketch sketch(original);
    for (std::uint64_t seed = 1; seed <= 50; ++seed) {
        for (const std::size_t shift : {0UL, 1UL, 17UL, 40UL}) {
            const Words shorter(original.begin() + static_cast<std::ptrdiff_t>(shift), original.end());
            EXPECT_TRUE(ChromaprintSketch::Probe(damaged(shorter, 0.15, seed)).may_match(sketch)) << shift;
            EXPECT_TRUE(ChromaprintSketch::Probe(original).may_match(ChromaprintSketch(damaged(shorter, 0.15, seed))))
                << shift;
        }
    }
}

TEST(ChromaprintSketch, RejectsUnlikeRecordings) {
    const ChromaprintSketch::Probe probe(make_words(1));
    int passed = 0;
    for (std::uint64_t seed = 2; seed < 1002; ++seed) passed += probe.may_match(ChromaprintSketch(make_words(seed)));
    EXPECT_EQ(passed, 0);
}

TEST(ChromaprintSketch, LeavesShortRecordingsToTheWholeComparison) {
    EXPECT_TRUE(ChromaprintSketch::Probe(make_words(1, 30)).may_match(ChromaprintSketch(make_words(2, 30))));
    EXPECT_TRUE(ChromaprintSketch::Probe(make_words(1, 130)).may_match(ChromaprintSketch(make_words(1, 130))));
}

/// Texts are numbers here; the test decides which words they mean.
class DuplicateCandidatesTest : public testing::Test {
  protected:
    TrackId store(int number, const Words& words, double duration_seconds,
                  catalog::TrackState state = catalog::TrackState::ready) {
        catalog::Track track = audio_ident::test::make_track(number);
        track.duration_seconds = duration_seconds;
        track.state = state;
        track.chromaprint_fingerprint = text_of(words);
        EXPECT_TRUE(catalog_.insert(track, Deadline()));
        return track.id;
    }
    std::string text_of(const Words& words) {
        texts_.push_back(words);
        return std::to_string(texts_.size() - 1);
    }
    std::optional<TrackId> find(const Words& words, double duration_seconds, const TrackId& self = TrackId::random()) {
        const auto found = index_.find(self, text_of(words), duration_seconds,
                                       [this](const TrackId& id) -> Result<std::optional<std::string>> {
                                           ++whole_comparisons_;
                                           if (const auto added = added_.find(id); added != added_.end()) {
                                               return added->second;
                                           }
                                           const auto row = catalog_.find(id, Deadline());
                                           if (!row) return forward(row);
                                           if (!*row) return std::optional<std::string>();
                                           return (*row)->chromaprint_fingerprint;
                                       });
        EXPECT_TRUE(found) << found.error().message;
        return found && !found->empty() ? std::optional(found->front()) : std::nullopt;
    }

    audio_ident::test::FakeCatalog catalog_;
    std::vector<Words> texts_;
    std::map<TrackId, std::string> added_;
    int whole_comparisons_ = 0;
    DuplicateCandidates index_{
        catalog_,
        {.words = [this](const std::string& text) { return texts_.at(std::stoul(text)); },
         .similarity = [](std::span<const std::uint32_t> a,
                          std::span<const std::uint32_t> b) { return audio::chromaprint_similarity(a, b); }},
        std::chrono::seconds(60)};
};

TEST_F(DuplicateCandidatesTest, FindsTheSameMusicAmongMuchOther) {
    const Words music = make_words(1);
    for (int i = 2; i < 500; ++i) store(i, make_words(static_cast<std::uint64_t>(i)), 200);
    const TrackId id = store(1, music, 205);
    EXPECT_EQ(find(damaged(music, 0.1, 1), 200), id);
    EXPECT_EQ(whole_comparisons_, 1) << "the sketches told all others apart";
    EXPECT_FALSE(find(make_words(1000), 200));
}

TEST_F(DuplicateCandidatesTest, TheBoundIsASimilarityOf85Percent) {
    const Words music = make_words(1);
    const TrackId id = store(1, music, 200);
    EXPECT_EQ(find(damaged(music, 0.14, 1), 200), id);
    EXPECT_FALSE(find(damaged(music, 0.16, 1), 200));
}

TEST_F(DuplicateCandidatesTest, DurationsMayDifferByTenPercentOfTheLonger) {
    const Words music = make_words(1);
    const TrackId id = store(1, music, 200);
    EXPECT_EQ(find(music, 181), id);
    EXPECT_EQ(find(music, 222), id);
    EXPECT_FALSE(find(music, 179));
    EXPECT_FALSE(find(music, 223));
}

TEST_F(DuplicateCandidatesTest, ATrackIsNoDuplicateOfItself) {
    const Words music = make_words(1);
    const TrackId id = store(1, music, 200);
    EXPECT_FALSE(find(music, 200, id));
}

TEST_F(DuplicateCandidatesTest, TheMostSimilarOneIsNamed) {
    const Words music = make_words(1);
    store(1, damaged(music, 0.1, 1), 200);
    const TrackId closer = store(2, damaged(music, 0.02, 2), 201);
    store(3, damaged(music, 0.1, 3), 199);
    EXPECT_EQ(find(music, 200), closer);
}

TEST_F(DuplicateCandidatesTest, KnowsWhatIsAddedBeforeTheCatalogDoes) {
    const Words music = make_words(1);
    EXPECT_FALSE(find(music, 200));
    const TrackId id = TrackId::random();
    added_[id] = text_of(music);
    ASSERT_TRUE(index_.add(id, added_[id], 200));
    EXPECT_EQ(find(music, 190), id);
}

TEST_F(DuplicateCandidatesTest, ATrackThatIsGoneIsNoOriginal) {
    const Words music = make_words(1);
    const TrackId id = store(1, music, 200);
    EXPECT_EQ(find(music, 200), id);
    ASSERT_TRUE(catalog_.remove(id, Deadline()));
    EXPECT_FALSE(find(music, 200));
}

TEST_F(DuplicateCandidatesTest, HandsOnAFailureOfTheCatalogAndTriesAgainNextTime) {
    const Words music = make_words(1);
    const TrackId id = store(1, music, 200);
    catalog_.set_failure(Error{ErrorKind::not_available, "gone", {}});
    const auto failed = index_.find(TrackId::random(), text_of(music), 200,
                                    [](const TrackId&) { return std::optional<std::string>(); });
    ASSERT_FALSE(failed);
    EXPECT_EQ(failed.error().message, "gone");
    catalog_.set_failure(std::nullopt);
    EXPECT_EQ(find(music, 200), id);
}

}  // namespace
}  // namespace audio_ident::ingest
