// Ingest with an embedder, and the commands that add missing embeddings later.

#include <gmock/gmock.h>

#include "ingest/reembed.hpp"
#include "library.hpp"

namespace audio_ident::ingest {
namespace {

using test::Library;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

const Error kGone{ErrorKind::not_available, "the vector store is gone", {}};

class Embedding : public testing::Test {
  protected:
    Embedding() {
        library.embeds = true;
        library.put("1.mp3", "song 1 100");
        library.put("2.mp3", "song 2 100");
    }
    PassReport reembed(PassScope scope = PassScope::missing) {
        PassRequest request;
        request.scope = scope;
        request.threads = 2;
        request.batch.max_tracks = 1;
        return library.with_parts([&](const IngestParts& parts) {
            return ingest::reembed(
                {parts.stores,
                 [&](const std::filesystem::path& path, std::optional<int>, const Deadline&) -> Result<TrackEmbedding> {
                     ++embedded_;
                     if (path.filename() == broken) return fail(ErrorKind::corrupt, "damaged");
                     auto embedding = test::fake_embedding(7);
                     if (!gives_tags_) embedding.tags.reset();
                     return embedding;
                 },
                 parts.lock, "fake"},
                request, library, library.stop.get_token());
        });
    }
    std::size_t tracks_with_vectors() const { return library.vectors.entries.size(); }

    Library library;
    std::string broken;
    bool gives_tags_ = true;
    std::atomic<int> embedded_ = 0;
};

TEST_F(Embedding, IsStoredWithTheFingerprintAndNamedInTheRow) {
    const IngestReport report = library.run();
    EXPECT_EQ(report.ingested, 2);
    EXPECT_EQ(report.embedded, 2);
    EXPECT_EQ(library.last_progress.embedded, 2);
    EXPECT_THAT(report.notices, IsEmpty());
    const auto row = library.row_of("2.mp3");
    EXPECT_EQ(row.embedding_model, "fake");
    EXPECT_EQ(row.embedding_dim, 2);
    EXPECT_EQ(row.tags, (std::vector<catalog::TagWeight>{{"jazz", 0.5}}));
    EXPECT_THAT(library.vectors.entries.at(row.id).values, ElementsAre(1, 0, 0, 2));
}

TEST_F(Embedding, ThatCannotBeStoredLeavesTheExactLaneWhole) {
    library.vectors.failure = kGone;
    const IngestReport report = library.run();
    EXPECT_FALSE(report.fatal);
    EXPECT_EQ(report.ingested, 2);
    EXPECT_EQ(report.embedded, 0);
    EXPECT_THAT(report.notices, ElementsAre(HasSubstr("2 tracks are not in the vibe lane")));
    EXPECT_THAT(library.tracks(), ElementsAre("1.mp3: song 1", "2.mp3: song 2"));
    EXPECT_FALSE(library.row_of("1.mp3").embedding_model);

    library.vectors.failure.reset();
    EXPECT_EQ(library.run().unchanged, 2);  // they are complete
    EXPECT_EQ(reembed().done, 2);
    EXPECT_EQ(library.row_of("1.mp3").embedding_model, "fake");
    EXPECT_THAT(library.row_of("1.mp3").tags, SizeIs(1));
    EXPECT_EQ(tracks_with_vectors(), 2U);
}

TEST_F(Embedding, ThatFailsIsReportedAndMadeUpFor) {
    library.embedding_failure = Error{ErrorKind::internal, "the model broke", {}};
    const IngestReport report = library.run();
    EXPECT_EQ(report.ingested, 2);
    EXPECT_THAT(report.notices, ElementsAre(HasSubstr("the model broke; `audio-ident reembed`")));
    EXPECT_EQ(reembed().done, 2);
}

TEST_F(Embedding, OfAChangedFileIsReplaced) {
    library.run();
    library.put("1.mp3", "song 3 100");
    EXPECT_EQ(library.run().updated, 1);
    EXPECT_THAT(library.vectors.entries.at(library.id_of("1.mp3")).values, ElementsAre(1, 0, 0, 3));
}

TEST_F(Embedding, GoesWithItsTrack) {
    library.run();
    library.remove("1.mp3");
    IngestRequest request = library.request();
    request.prune = Prune::remove;
    EXPECT_EQ(library.run(request).pruned, 1);
    EXPECT_EQ(tracks_with_vectors(), 1U);
}

TEST_F(Embedding, IsMadeOnlyForTracksThatHaveNone) {
    library.run();
    library.vectors.entries.erase(library.id_of("2.mp3"));
    const PassReport report = reembed();
    EXPECT_EQ(report.total, 1);
    EXPECT_EQ(embedded_, 1);
    EXPECT_EQ(reembed().total, 0);
    EXPECT_EQ(reembed(PassScope::all).done, 2);
    EXPECT_THAT(library.vectors.entries.at(library.id_of("1.mp3")).values, ElementsAre(1, 0, 0, 7));
}

TEST_F(Embedding, IsNamedInItsRowEvenIfACrashPreventedThat) {
    const auto before_row = [&](const std::string& change) -> std::optional<Error> {
        return change.starts_with("put") && embedded_ > 0 ? std::optional(kGone) : std::nullopt;
    };
    library.embeds = false;
    library.run();
    library.embeds = true;
    library.disk.before_change = before_row;
    EXPECT_EQ(reembed().fatal, kGone);
    ASSERT_GT(tracks_with_vectors(), 0U) << "the vectors were stored before their row";
    library.disk.before_change = {};
    EXPECT_FALSE(reembed().fatal);
    for (const char* name : {"1.mp3", "2.mp3"}) {
        EXPECT_EQ(library.row_of(name).embedding_model, "fake") << name;
        EXPECT_THAT(library.row_of(name).tags, SizeIs(1)) << name;
    }
    EXPECT_EQ(reembed().total, 0);
}

TEST_F(Embedding, IsNamedInARowThatACrashLeftPending) {
    bool indexed = false;
    library.disk.before_change = [&](const std::string& change) -> std::optional<Error> {
        if (indexed) return kGone;
        indexed = change == "index add";
        return std::nullopt;
    };
    EXPECT_EQ(library.run().fatal, kGone);
    library.disk.before_change = {};
    EXPECT_EQ(library.run().unchanged, 2);
    EXPECT_EQ(library.analyses, 0) << "the index has them";
    EXPECT_EQ(library.row_of("1.mp3").embedding_model, "fake");
    EXPECT_THAT(library.row_of("1.mp3").tags, SizeIs(1));
}

TEST_F(Embedding, LeavesTheTagsWhenItsModelGivesNone) {
    library.run();
    gives_tags_ = false;
    EXPECT_EQ(reembed(PassScope::all).done, 2);
    EXPECT_EQ(library.row_of("1.mp3").tags, (std::vector<catalog::TagWeight>{{"jazz", 0.5}}));
}

TEST_F(Embedding, OfATrackThatIsGoneIsRemoved) {
    library.run();
    library.vectors.entries[TrackId::random()] = {};
    EXPECT_EQ(reembed().total, 0);
    EXPECT_EQ(tracks_with_vectors(), 2U);
}

TEST_F(Embedding, StaysWithItsTrackWhileItsStoreCannotBeReached) {
    library.run();
    library.remove("1.mp3");
    IngestRequest request = library.request();
    request.prune = Prune::remove;
    library.vectors.failure = kGone;
    EXPECT_EQ(library.run(request).fatal, kGone);
    EXPECT_EQ(library.row_of("1.mp3").embedding_model, "fake");
    library.vectors.failure.reset();
    EXPECT_EQ(library.run(request).pruned, 1);
    EXPECT_EQ(tracks_with_vectors(), 1U);
}

TEST_F(Embedding, LeavesFilesThatAreGoneChangedOrDamaged) {
    library.put("3.mp3", "song 3 100");
    library.embeds = false;
    library.run();
    library.embeds = true;
    library.remove("1.mp3");
    library.put("2.mp3", "song 9 100");
    broken = "3.mp3";
    const PassReport report = reembed();
    EXPECT_EQ(report.done, 0);
    EXPECT_THAT(report.missing_files, ElementsAre(HasSubstr("1.mp3")));
    ASSERT_THAT(report.errors, SizeIs(2));
    EXPECT_THAT(report.errors[0].error, HasSubstr("has changed"));
    EXPECT_EQ(report.errors[1].error, "damaged");
    EXPECT_FALSE(library.row_of("3.mp3").embedding_model);
}

TEST_F(Embedding, EndsWhenTheStoreIsGoneAndGoesOnLater) {
    library.embeds = false;
    library.run();
    library.embeds = true;
    library.vectors.failure = kGone;
    EXPECT_EQ(reembed().fatal, kGone);
    library.vectors.failure.reset();
    EXPECT_EQ(reembed().done, 2);
}

}  // namespace
}  // namespace audio_ident::ingest
