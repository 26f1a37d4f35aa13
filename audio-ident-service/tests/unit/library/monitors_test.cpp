#include "library/monitors.hpp"

#include <gmock/gmock.h>

#include "catalog/timestamp_text.hpp"
#include "support/fake_monitors.hpp"

namespace audio_ident::library {
namespace {

using testing::HasSubstr;

std::string text_of(std::string_view time) {
    const auto read = time_from(time);
    return read ? catalog::timestamp_to_text(*read) : "none";
}

TEST(TimeFromTest, ReadsDaysAndTimesInUtc) {
    EXPECT_EQ(text_of("2026-11-28"), "2026-11-28T00:00:00.000000Z");
    EXPECT_EQ(text_of("2026-11-28T09:30"), "2026-11-28T09:30:00.000000Z");
    EXPECT_EQ(text_of("2024-02-29T23:59:59Z"), "2024-02-29T23:59:59.000000Z");
    for (const char* text : {"", "2026", "2026-02-30", "2026-13-01", "2026-11-28T24:00", "2026-11-28 09:30",
                             "2026-11-28T09:30:15+01:00", "2026-1-1", "+026-01-01", "2026-11-28Z", "1969-12-31"})
        EXPECT_EQ(text_of(text), "none") << text;
}

class MonitorsTest : public testing::Test {
  protected:
    std::string refusal(const NewMonitor& wanted) {
        const auto added = add_monitor(store_, wanted, {});
        return added ? "it was added" : added.error().message;
    }

    test::FakeMonitors store_;
};

TEST_F(MonitorsTest, AreAddedAndFoundByNameOrId) {
    const auto row = add_monitor(store_, {" Radio One ", "https://example.org/stream", 0.7}, {}).value();
    EXPECT_EQ(row.name, "Radio One");
    EXPECT_EQ(row.min_confidence, 0.7);
    EXPECT_EQ((*find_monitor(store_, "Radio One", {}))->id, row.id);
    EXPECT_EQ((*find_monitor(store_, row.id.to_string(), {}))->id, row.id);
    EXPECT_FALSE(find_monitor(store_, "Radio", {})->has_value());
}

TEST_F(MonitorsTest, AreRefusedWithTheReason) {
    const std::string url = "https://example.org/stream";
    EXPECT_THAT(refusal({" ", url}), HasSubstr("needs a name"));
    EXPECT_THAT(refusal({"a\nb", url}), HasSubstr("one line"));
    EXPECT_THAT(refusal({std::string(501, 'a'), url}), HasSubstr("at most 500"));
    for (const char* source : {"", "ftp://host/x", "stream.mp3", "http://", "https://a b/", "javascript:1"})
        EXPECT_THAT(refusal({"One", source}), HasSubstr("is not a source")) << source;
    EXPECT_EQ(refusal({"One", "/music/pipe"}), "it was added");
    EXPECT_THAT(refusal({"One", url}), HasSubstr("already"));
    for (std::size_t i = 1; i < kMostMonitors; ++i) EXPECT_EQ(refusal({std::to_string(i), url}), "it was added");
    EXPECT_THAT(refusal({"one more", url}), HasSubstr("64 monitors"));
}

TEST_F(MonitorsTest, AreChanged) {
    const auto row = add_monitor(store_, {"One", "https://example.org/stream"}, {}).value();
    const auto changed = change_monitor(store_, row.id, {.name = "Two", .paused = true}, {}).value();
    EXPECT_EQ(changed->name, "Two");
    EXPECT_TRUE(changed->paused);
    EXPECT_EQ(changed->source, row.source);
    EXPECT_FALSE(change_monitor(store_, row.id, {.source = "nowhere"}, {}));
    EXPECT_FALSE(change_monitor(store_, Uuid::random(), {.paused = true}, {})->has_value());
}

}  // namespace
}  // namespace audio_ident::library
