#include "ingest/commit/remove_tracks.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/ingest/library.hpp"

namespace audio_ident::ingest {
namespace {

using test::Library;
using testing::ElementsAre;
using testing::IsEmpty;

class RemoveTracks : public testing::Test {
  protected:
    RemoveTracks() {
        library.put("1.mp3", "song 1 100");
        library.put("2.mp3", "song 2 100");
        library.run();
    }
    Result<std::size_t> remove(std::vector<TrackId> ids) {
        return library.with_parts(
            [&](const IngestParts& parts) { return remove_tracks(parts.stores, ids, parts.lock); });
    }
    Library library;
};

TEST_F(RemoveTracks, TakesThemOutOfEveryStoreAndLeavesTheFiles) {
    const auto removed = remove({library.id_of("1.mp3"), TrackId::random()});
    ASSERT_TRUE(removed);
    EXPECT_EQ(*removed, 1U);
    EXPECT_THAT(library.tracks(), ElementsAre("2.mp3: song 2"));
    EXPECT_TRUE(std::filesystem::exists(library.root / "1.mp3"));
}

TEST_F(RemoveTracks, ACrashInBetweenLeavesAnEntryThatNoSearchShowsAndTheNextIngestSweeps) {
    const TrackId id = library.id_of("1.mp3");
    library.remove("1.mp3");
    library.disk.before_change = [](const std::string& change) -> std::optional<Error> {
        if (change != "index remove") return std::nullopt;
        return Error{ErrorKind::not_available, "killed", {}};
    };
    EXPECT_FALSE(remove({id}));
    EXPECT_FALSE(library.disk.catalog.rows().contains(id)) << "without its row it is not shown";

    library.disk.before_change = {};
    library.run();
    EXPECT_THAT(library.tracks(), ElementsAre("2.mp3: song 2"));
}

TEST_F(RemoveTracks, MoreThanFitOneTransaction) {
    std::vector<TrackId> ids(1000);
    std::ranges::generate(ids, [] { return TrackId::random(); });
    ids[600] = library.id_of("2.mp3");
    const auto removed = remove(ids);
    ASSERT_TRUE(removed);
    EXPECT_EQ(*removed, 1U);
    EXPECT_THAT(library.tracks(), ElementsAre("1.mp3: song 1"));
}

}  // namespace
}  // namespace audio_ident::ingest
