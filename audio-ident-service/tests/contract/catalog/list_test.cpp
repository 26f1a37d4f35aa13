#include <gmock/gmock.h>

#include "backends.hpp"
#include "support/tracks.hpp"

namespace audio_ident::test {
namespace {

using catalog::ListQuery;
using catalog::Track;
using catalog::TrackState;
using testing::ElementsAre;
using testing::IsEmpty;

class CatalogList : public CatalogTest {
  protected:
    void add_named(int number, const std::string& title, const std::optional<std::string>& artist = {}) {
        Track track = make_track(number);
        track.title = title;
        track.artist = artist;
        now_ += std::chrono::microseconds(1);
        add(track);
    }
    std::vector<std::string> titles(const ListQuery& query) {
        const auto page = catalog_->list(query, deadline_);
        EXPECT_TRUE(page) << page.error().message;
        std::vector<std::string> names;
        for (const Track& track : page->tracks) names.push_back(track.title);
        EXPECT_EQ(page->total, static_cast<std::int64_t>(names.size())) << "of one page that holds all";
        return names;
    }
    std::vector<std::string> search(const std::string& text) { return titles({.search = text}); }
};
INSTANTIATE_TEST_SUITE_P(All, CatalogList, testing::ValuesIn(all_backends()), testing::PrintToStringParamName());

TEST_P(CatalogList, PagesHoldEveryTrackOnceNewestFirstTiesById) {
    // Three rows per microsecond, inserted in an order that matches neither ids nor times.
    for (int i = 0; i < 60; ++i) {
        const int number = i * 7 % 60;
        now_ = catalog::Timestamp(std::chrono::microseconds(1'000'000'000'000'000 + number / 3));
        add(make_track(number + 1));
    }
    std::vector<Track> seen;
    for (std::int64_t offset = 0; offset < 60; offset += 7) {
        const auto page = catalog_->list({.offset = offset, .limit = 7}, deadline_);
        ASSERT_TRUE(page) << page.error().message;
        EXPECT_EQ(page->total, 60);
        EXPECT_EQ(page->tracks.size(), offset == 56 ? 4U : 7U);
        seen.insert(seen.end(), page->tracks.begin(), page->tracks.end());
    }
    ASSERT_EQ(seen.size(), 60U);
    for (std::size_t i = 1; i < seen.size(); ++i) {
        EXPECT_TRUE(seen[i - 1].ingested_at > seen[i].ingested_at ||
                    (seen[i - 1].ingested_at == seen[i].ingested_at && seen[i - 1].id < seen[i].id))
            << i;
    }
}

TEST_P(CatalogList, DamagedFilesCanBeListedAlone) {
    Track whole = make_track(1);
    Track early = make_track(2);
    early.title = "Ends early";
    early.stated_seconds = 300;
    Track broken = make_track(3);
    broken.title = "Broken";
    broken.damaged_frames = 14;
    broken.state = TrackState::ready;
    for (const Track& track : {whole, early, broken}) add(track);
    EXPECT_THAT(titles({.which = catalog::Which::damaged}), testing::UnorderedElementsAre("Ends early", "Broken"));
    EXPECT_THAT(titles({.search = "ends", .which = catalog::Which::damaged}), ElementsAre("Ends early"));
    EXPECT_THAT(titles({.state = TrackState::ready, .which = catalog::Which::damaged}), ElementsAre("Broken"));
}

TEST_P(CatalogList, APageBeyondTheEndIsEmptyButKnowsTheTotal) {
    add_named(1, "One");
    const auto page = catalog_->list({.offset = 5, .limit = 5}, deadline_);
    ASSERT_TRUE(page);
    EXPECT_THAT(page->tracks, IsEmpty());
    EXPECT_EQ(page->total, 1);
}

TEST_P(CatalogList, AnUpdateMovesNoTrackToAnotherPlace) {
    add_named(1, "Old");
    add_named(2, "New");
    now_ += std::chrono::seconds(1);
    Track old = make_track(1);
    old.title = "Old, changed";
    ASSERT_EQ(catalog_->update(old, deadline_), true);
    EXPECT_THAT(titles({}), ElementsAre("New", "Old, changed"));
}

TEST_P(CatalogList, FiltersByState) {
    for (int i = 1; i <= 4; ++i) {
        Track track = make_track(i);
        track.state = i % 2 == 0 ? TrackState::ready : TrackState::pending;
        now_ += std::chrono::microseconds(1);
        add(track);
    }
    EXPECT_THAT(titles({.state = TrackState::ready}), ElementsAre("Title 4", "Title 2"));
    EXPECT_THAT(titles({.search = "title 3", .state = TrackState::ready}), IsEmpty());
    EXPECT_THAT(titles({.search = "title 3", .state = TrackState::pending}), ElementsAre("Title 3"));
}

TEST_P(CatalogList, SortsByEachColumnBothWays) {
    const auto add = [this](int number, const char* title, const char* artist, const char* album, double seconds) {
        Track track = make_track(number);
        track.title = title;
        track.artist = *artist ? std::optional<std::string>(artist) : std::nullopt;
        track.album = *album ? std::optional<std::string>(album) : std::nullopt;
        track.duration_seconds = seconds;
        now_ += std::chrono::microseconds(1);
        CatalogTest::add(track);
    };
    add(1, "banana", "The Zoo", "later", 90);
    add(2, "Apple", "abba", "", 300.5);
    add(3, "\u00C4pfel", "", "Early", 300);
    add(4, "cherry", "ABBA", "EARLY", 9);
    const std::vector<std::pair<catalog::TrackSort, std::vector<std::string>>> sorted = {
        {catalog::TrackSort::title, {"Apple", "banana", "cherry", "\u00C4pfel"}},
        {catalog::TrackSort::artist, {"Apple", "cherry", "banana", "\u00C4pfel"}},
        {catalog::TrackSort::album, {"cherry", "\u00C4pfel", "banana", "Apple"}},
        {catalog::TrackSort::duration, {"cherry", "banana", "\u00C4pfel", "Apple"}},
        {catalog::TrackSort::added, {"banana", "Apple", "\u00C4pfel", "cherry"}},
    };
    for (const auto& [sort, expected] : sorted) {
        EXPECT_EQ(titles({.sort = sort, .order = catalog::SortOrder::asc}), expected) << static_cast<int>(sort);
        const std::vector<std::string> reversed(expected.rbegin(), expected.rend());
        EXPECT_EQ(titles({.sort = sort, .order = catalog::SortOrder::desc}), reversed) << static_cast<int>(sort);
        EXPECT_EQ(titles({.sort = sort}), sort == catalog::TrackSort::added ? reversed : expected);
    }
    EXPECT_THAT(titles({.search = "abba", .sort = catalog::TrackSort::duration}), ElementsAre("cherry", "Apple"));
}

TEST_P(CatalogList, SortedPagesHoldEveryTrackOnceTiesById) {
    for (int i = 0; i < 30; ++i) {
        Track track = make_track(i * 7 % 30 + 1);
        track.title = "Same";
        track.artist = track.album = std::nullopt;
        track.duration_seconds = 60;
        add(track);
    }
    for (const auto sort : {catalog::TrackSort::title, catalog::TrackSort::artist, catalog::TrackSort::album,
                            catalog::TrackSort::duration, catalog::TrackSort::added}) {
        std::vector<TrackId> seen;
        for (std::int64_t offset = 0; offset < 30; offset += 7) {
            const auto page = catalog_->list({.sort = sort, .offset = offset, .limit = 7}, deadline_);
            ASSERT_TRUE(page) << page.error().message;
            for (const Track& track : page->tracks) seen.push_back(track.id);
        }
        EXPECT_EQ(seen.size(), 30U);
        EXPECT_TRUE(std::ranges::is_sorted(seen)) << static_cast<int>(sort);
    }
}

TEST_P(CatalogList, FindsSubstringsOfTitleOrArtist) {
    add_named(1, "Yesterday", "The Beatles");
    add_named(2, "Beat It", "Michael Jackson");
    add_named(3, "Jóga", std::nullopt);
    EXPECT_THAT(search("beat"), ElementsAre("Beat It", "Yesterday"));
    EXPECT_THAT(search("sterd"), ElementsAre("Yesterday"));
    EXPECT_THAT(search("nothing"), IsEmpty());
    EXPECT_THAT(search(""), ElementsAre("Jóga", "Beat It", "Yesterday"));
    EXPECT_THAT(search("Yesterday\nThe"), IsEmpty()) << "title and artist are two texts";
    EXPECT_THAT(search("yesterdaythe"), IsEmpty());
}

TEST_P(CatalogList, IgnoresCaseBeyondAscii) {
    const std::vector<std::array<const char*, 3>> cases = {
        {"ÄRGER", "ärger", "Großer ÄRGER"},
        {"ärger", "ÄRGER", "ärger"},
        {"Straße", "STRASSE", "STRASSE"},
        {"STRASSE", "straße", "Straße"},
        {"Ελλάδα", "ΕΛΛΆΔΑ", "ΕΛΛΆΔΑ"},
        {"ΟΔΟΣ", "οδός" /* accent differs */, ""},
        {"ΟΔΟΣ", "οδος", "οδος"},
        {"ЧАЙКОВСКИЙ", "чайковский", "чайковский"},
        {"Արամ", "ԱՐԱՄ", "ԱՐԱՄ"},
        {"Ｆｕｌｌ", "full", "FULL"},
        {"Zoe\u0308", "zoë", "ZOË"},
        {"Zoë", "ZOE\u0308", "zoe\u0308"},
        {"ﬁne", "FINE", "fine"},
        {"日本語", "本", "本語"},
    };
    int number = 1;
    for (const auto& [title, found_by, also_by] : cases) {
        add_named(number, title);
        const bool matches = std::string(also_by) != "";
        EXPECT_EQ(search(found_by), matches ? std::vector<std::string>{title} : std::vector<std::string>{}) << found_by;
        ASSERT_EQ(catalog_->remove(make_track(number).id, deadline_), true);
        ++number;
    }
    add_named(number, "Ohne Titel", "DIE ÄRZTE");
    EXPECT_THAT(search("die ärzte"), ElementsAre("Ohne Titel"));
}

TEST_P(CatalogList, WildcardsAndQuotesAreLiteral) {
    add_named(1, "100% Pure");
    add_named(2, "100 Pure");
    add_named(3, "snake_case");
    add_named(4, "snakeXcase");
    add_named(5, "back\\slash");
    add_named(6, "it's \"quoted\"; DROP TABLE tracks");
    add_named(7, "[a-z]*?");
    EXPECT_THAT(search("100%"), ElementsAre("100% Pure"));
    EXPECT_THAT(search("e_c"), ElementsAre("snake_case"));
    EXPECT_THAT(search("%"), ElementsAre("100% Pure"));
    EXPECT_THAT(search("_"), ElementsAre("snake_case"));
    EXPECT_THAT(search("\\"), ElementsAre("back\\slash"));
    EXPECT_THAT(search("\\%"), IsEmpty());
    EXPECT_THAT(search("it's \""), ElementsAre("it's \"quoted\"; DROP TABLE tracks"));
    EXPECT_THAT(search("[a-z]*"), ElementsAre("[a-z]*?"));
}

TEST_P(CatalogList, SearchFollowsAnUpdate) {
    add_named(1, "Before", "Somebody");
    Track renamed = make_track(1);
    renamed.title = "After";
    ASSERT_EQ(catalog_->update(renamed, deadline_), true);
    EXPECT_THAT(search("before"), IsEmpty());
    EXPECT_THAT(search("somebody"), IsEmpty());
    EXPECT_THAT(search("after"), ElementsAre("After"));
}

TEST_P(CatalogList, TheLongestTitleIsFoundByAllOfItAndLongerTextFindsNothing) {
    std::string longest;
    for (int i = 0; i < 500; ++i) longest += i % 2 == 0 ? "%" : "\uFDFA";
    add_named(1, longest);
    EXPECT_THAT(search(longest), ElementsAre(longest));
    EXPECT_THAT(search(longest + "x"), IsEmpty());
    EXPECT_THAT(search(std::string(200'000, '%')), IsEmpty());
}

TEST_P(CatalogList, ImpossiblePagesAndTextsAreRefused) {
    for (const ListQuery& query : {ListQuery{.limit = 0}, ListQuery{.offset = -1}, ListQuery{.search = "\xFF"},
                                   ListQuery{.search = std::string("a\0", 2)}}) {
        const auto page = catalog_->list(query, deadline_);
        ASSERT_FALSE(page);
        EXPECT_EQ(page.error().kind, ErrorKind::invalid_input) << page.error().message;
    }
}

}  // namespace
}  // namespace audio_ident::test
