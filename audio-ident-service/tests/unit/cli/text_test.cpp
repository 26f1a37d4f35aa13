#include "cli/text.hpp"

#include <gtest/gtest.h>

namespace audio_ident::cli {
namespace {

TEST(Text, TimesAreReadable) {
    EXPECT_EQ(time_text(0), "0:00.0");
    EXPECT_EQ(time_text(187.44), "3:07.4");
    EXPECT_EQ(time_text(59.96), "1:00.0") << "rounds before it splits";
    EXPECT_EQ(time_text(-1.2), "-0:01.2");
    EXPECT_EQ(time_text(-0.01), "0:00.0");
    EXPECT_EQ(time_text(36'061), "10:01:01.0");
    EXPECT_EQ(duration_text(59.6), "1 min 00 s");
    EXPECT_EQ(duration_text(7325), "2 h 02 min");
}

TEST(Text, ConfidenceNeverRoundsUpToCertainty) {
    EXPECT_EQ(confidence_text(0.9999), "certain (99 %)");
    EXPECT_EQ(confidence_text(0.8), "likely (80 %)");
    EXPECT_EQ(confidence_text(0.5), "possible (50 %)");
    EXPECT_EQ(confidence_text(0.2), "weak (20 %)");
}

TEST(Text, NothingBreaksTheLineOrTheTerminal) {
    EXPECT_EQ(one_line("a\nb\t\x1B[31mc\x7F"), "a\\nb\\t\\x1B[31mc\\x7F");
    EXPECT_EQ(one_line("Für Elise"), "Für Elise");
    catalog::Track track;
    track.title = "Ti\ntle";
    EXPECT_EQ(name_text(track), "Ti\\ntle");
    track.artist = "Artist";
    EXPECT_EQ(name_text(track), "Artist – Ti\\ntle");
}

TEST(Text, NamesAFileOnceInItsError) {
    EXPECT_EQ(file_error_text("a.mp3", "is empty"), "a.mp3: is empty");
    EXPECT_EQ(file_error_text("a.mp3", "a.mp3: is empty"), "a.mp3: is empty");
    EXPECT_EQ(file_error_text("a\nb.mp3", "a\nb.mp3: is empty"), "a\\nb.mp3: is empty");
}

TEST(Text, CountsAndSizes) {
    EXPECT_EQ(count_text(1, "track"), "1 track");
    EXPECT_EQ(count_text(0, "track"), "0 tracks");
    EXPECT_EQ(size_text(999), "999 B");
    EXPECT_EQ(size_text(3'400'000), "3.4 MB");
    EXPECT_EQ(size_text(999'999), "1.0 MB");
}

TEST(SecondsOf, ReadsWhatTimeTextWrites) {
    for (const double seconds : {0.0, 7.5, 80.0, 3599.9, 3725.5})
        EXPECT_NEAR(seconds_of(time_text(seconds)).value(), seconds, 1e-9);
    EXPECT_EQ(seconds_of("80"), 80);
    EXPECT_EQ(seconds_of("1:20"), 80);
    for (const char* wrong : {"", ":", "1:", "1:60", "-1", "1.5:20", "1:2:3:4", "nan", "inf", "1e3", "ten", "1 20"})
        EXPECT_EQ(seconds_of(wrong), std::nullopt) << wrong;
}

}  // namespace
}  // namespace audio_ident::cli
