#include "app/backends.hpp"

#include <filesystem>
#include <gmock/gmock.h>

#include "support/temp_folder.hpp"

namespace audio_ident::app {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class ChosenBackendsTest : public testing::Test {
  protected:
    config::Settings settings() const {
        config::Settings settings;
        settings.data_dir = folder_ / "data";
        settings.fingerprint_db_path = folder_ / "data" / "fingerprints";
        settings.catalog.url = "sqlite://" + (folder_ / "data" / "catalog.db").string();
        settings.embedding.model = "musicnn";
        settings.decode_sandbox = false;
        return settings;
    }

    test::TempFolder folder_;
};

TEST_F(ChosenBackendsTest, ReadingMakesNothing) {
    const auto library = open_library(settings());
    EXPECT_FALSE(library->exists());
    const auto tracks = library->list({}, {});
    ASSERT_FALSE(tracks);
    EXPECT_THAT(tracks.error().message, HasSubstr("there is no library in " + (folder_ / "data").string()));
    EXPECT_FALSE(ChosenBackends(settings()).open_index(library::Access::read_only));
    EXPECT_FALSE(fs::exists(folder_ / "data"));
}

TEST_F(ChosenBackendsTest, AnEmbeddedCatalogIsMadeWhenItIsOpened) {
    ChosenBackends backends(settings());
    EXPECT_FALSE(backends.catalog_exists());
    const auto catalog = backends.open_catalog({});
    ASSERT_TRUE(catalog) << catalog.error().message;
    EXPECT_TRUE(backends.catalog_exists());
    EXPECT_EQ((*catalog)->count(std::nullopt, {}), 0);
    const auto library = open_library(settings());
    const auto schema = library->upkeep().schema({});
    ASSERT_TRUE(schema) << schema.error().message;
    EXPECT_EQ(schema->current, schema->head);
}

TEST_F(ChosenBackendsTest, TheIndexHoldsBothLanesAndIsErasedWhole) {
    ChosenBackends backends(settings());
    {
        const auto index = backends.open_index(library::Access::read_write);
        ASSERT_TRUE(index) << index.error().message;
        const auto vectors = (*index)->vectors({"fake@1", 2}, {});
        ASSERT_TRUE(vectors);
        EXPECT_THAT((*index)->vector_spaces({}).value(), IsEmpty());
        const index::TrackVectors track{.id = TrackId(TrackId::Bytes{1}), .start_seconds = {0}, .values = {1, 0}};
        ASSERT_TRUE((*vectors)->writer().add({&track, 1}, {}));
        EXPECT_THAT((*index)->vector_spaces({}).value(), ElementsAre(index::VectorSpace{"fake@1", 2}));
        EXPECT_EQ((*vectors)->reader().stats({})->tracks, 1U);
        ASSERT_TRUE((*index)->drop_vector_space("fake@1", {}));
        EXPECT_THAT((*index)->vector_spaces({}).value(), IsEmpty());
    }
    ASSERT_TRUE(backends.erase_index());
    EXPECT_FALSE(backends.open_index(library::Access::read_only));
    EXPECT_TRUE(backends.erase_index()) << "nothing is there any more";
}

TEST_F(ChosenBackendsTest, OnlyLibrariesAreCopiedAndPasswordsAreNotShown) {
    ChosenBackends backends(settings());
    struct Nobody : library::CopyObserver {
        void on_progress(library::CopyPart, std::uint64_t, std::optional<std::uint64_t>) override {}
        void on_notice(std::string_view) override {}
    } nobody;
    const auto copied = backends.copy(
        {.from = "mysql://me:secret@host/name", .to = "", .from_vectors = "", .to_vectors = "", .parts = {}},
        {.purpose = "test"}, nobody);
    ASSERT_FALSE(copied);
    EXPECT_EQ(copied.error().kind, ErrorKind::invalid_input);
    EXPECT_THAT(copied.error().message, HasSubstr("is not a library"));
    EXPECT_THAT(copied.error().message, testing::Not(HasSubstr("secret")));
}

TEST_F(ChosenBackendsTest, VectorsBesideTheFingerprintsGoWithThem) {
    EXPECT_FALSE(ChosenBackends(settings()).forget_vectors());
    auto with_qdrant = settings();
    with_qdrant.qdrant.mode = config::StoreMode::external;
    EXPECT_TRUE(ChosenBackends(with_qdrant).forget_vectors());
}

TEST_F(ChosenBackendsTest, AChangeAsksWhetherItsStoresAreStillInPlace) {
    ChosenBackends backends(settings());
    EXPECT_TRUE(backends.check_still_in_place());
    backends.set_check([]() -> Result<void> { return fail(ErrorKind::not_available, "replaced"); });
    EXPECT_FALSE(backends.check_still_in_place());
}

}  // namespace
}  // namespace audio_ident::app
