#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <memory>
#include <string>

#include "api/program.hpp"
#include "support/clip.hpp"
#include "support/files.hpp"

namespace audio_ident::test {
namespace {

using ::testing::HasSubstr;

/// A library of three songs, and a spoiled clip of the second one. Made once: searches change nothing.
struct Songs {
    static constexpr double kClipBegin = 7.5;

    Songs() {
        home.add_song(1, "one.flac");
        song = home.add_song(2, "two.mp3").string();
        home.add_song(3, "three.ogg");
        const auto ingested = home.run({"ingest", home.music().string()});
        EXPECT_EQ(ingested.exit_code, 0) << ingested.err;

        const auto second = music(2, 20, 22050);
        const auto spoiled = mix_at_snr(section(second, kClipBegin, 6), noise(9, 6, 22050), 10);
        clip = (home.folder() / "clip.webm").string();
        encode(spoiled, clip, {"-c:a", "libopus", "-b:a", "32k", "-ar", "48000"});
        stranger = (home.folder() / "stranger.wav").string();
        run_ffmpeg({"-ss", "30", "-t", "6", "-i", SAMPLE_FOLDER "/Vibe Ace.m4a", stranger});
    }

    Home home;
    std::string song;
    std::string clip;
    std::string stranger;
};

class SearchTest : public ::testing::Test {
  protected:
    static void SetUpTestSuite() { songs_ = std::make_unique<Songs>(); }
    static void TearDownTestSuite() { songs_.reset(); }

    static inline std::unique_ptr<Songs> songs_;
    static constexpr double kClipBegin = Songs::kClipBegin;
    Home& home_ = songs_->home;
    const std::string& song_ = songs_->song;
    const std::string& clip_ = songs_->clip;
    const std::string& stranger_ = songs_->stranger;
};

TEST_F(SearchTest, NamesTheRecordingThePlaceAndTheFile) {
    const auto result = home_.run({"search", "--json", "--mode", "exact", clip_});
    ASSERT_EQ(result.exit_code, 0) << result.err;
    const auto answers = json_lines(result.out);
    ASSERT_EQ(answers.size(), 1U);
    const auto& answer = answers[0].as_object();
    EXPECT_EQ(answer.at("file").as_string(), clip_);
    EXPECT_EQ(answer.at("mode_used").as_string(), "exact");
    EXPECT_EQ(answer.at("request_id").as_string().size(), 36U);
    EXPECT_GE(answer.at("query_duration_ms").to_number<double>(), 0);
    EXPECT_TRUE(answer.at("vibe_matches").as_array().empty());
    ASSERT_EQ(answer.at("exact_matches").as_array().size(), 1U);
    const auto& match = answer.at("exact_matches").as_array()[0].as_object();
    EXPECT_NEAR(match.at("offset_seconds").to_number<double>(), kClipBegin, 0.1);
    EXPECT_GE(match.at("confidence").to_number<double>(), 0.5);
    EXPECT_GT(match.at("aligned_hashes").to_number<int>(), 0);
    const auto& track = match.at("track").as_object();
    EXPECT_EQ(track.at("title").as_string(), "Song 2");
    EXPECT_EQ(track.at("file_path").as_string(), song_);
    EXPECT_TRUE(track.at("artist").is_null());
    EXPECT_NEAR(track.at("duration_seconds").to_number<double>(), 20, 0.2);
}

TEST_F(SearchTest, TellsPeopleTheSame) {
    const auto result = home_.run({"search", clip_});
    EXPECT_EQ(result.exit_code, 0) << result.err;
    EXPECT_THAT(result.out, HasSubstr("Song 2"));
    EXPECT_THAT(result.out, ::testing::ContainsRegex("at 0:07\\.[45]"));
    EXPECT_THAT(result.out, HasSubstr(song_));
}

TEST_F(SearchTest, AStrangerIsAnAnswerNotAnError) {
    const auto json = home_.run({"search", "--json", stranger_});
    EXPECT_EQ(json.exit_code, 0) << json.err;
    EXPECT_TRUE(json_lines(json.out).at(0).as_object().at("exact_matches").as_array().empty());
    EXPECT_THAT(home_.run({"search", stranger_}).out, HasSubstr("no recording in the library matches"));
}

TEST_F(SearchTest, ManyClipsAreAnsweredInTheirOrderEachWithItsOwnError) {
    const auto empty = (home_.folder() / "empty.wav").string();
    const auto text = (home_.folder() / "text.mp3").string();
    const auto short_clip = (home_.folder() / "short.wav").string();
    write_file(empty, "");
    write_file(text, "this is no music, only words about it\n");
    write_wav(short_clip, section(music(2, 20, 22050), 5, 2));
    const std::vector<std::string> files = {
        empty,      clip_, home_.music().string(), (home_.folder() / "absent.wav").string(), text, stranger_,
        short_clip, clip_};
    std::vector<std::string> arguments = {"search", "--json", "--mode", "exact"};
    arguments.insert(arguments.end(), files.begin(), files.end());
    const auto result = home_.run(arguments);
    EXPECT_EQ(result.exit_code, 3) << result.err;
    const auto answers = json_lines(result.out);
    ASSERT_EQ(answers.size(), files.size());
    std::vector<std::string> seen;
    for (std::size_t i = 0; i < files.size(); ++i) {
        const auto& answer = answers[i].as_object();
        EXPECT_EQ(answer.at("file").as_string(), files[i]);
        if (const auto* error = answer.if_contains("error")) {
            EXPECT_FALSE(error->as_object().at("message").as_string().empty());
            EXPECT_TRUE(error->as_object().at("details").is_object());
            seen.emplace_back(error->as_object().at("code").as_string());
        } else {
            seen.push_back(fmt::format("{}", answer.at("exact_matches").as_array().size()));
        }
    }
    EXPECT_THAT(seen, ::testing::ElementsAre("UNSUPPORTED_FORMAT", "1", ::testing::_, "FILE_NOT_FOUND",
                                             "UNSUPPORTED_FORMAT", "0", "AUDIO_TOO_SHORT", "1"));
    EXPECT_EQ(home_.run({"search", "--json", "--min-seconds", "1", short_clip}).exit_code, 0);
}

TEST_F(SearchTest, ReadsStandardInput) {
    const auto bytes = read_file(clip_);
    const auto result = home_.run({"search", "--json", "-"},
                                  {.input = std::string(reinterpret_cast<const char*>(bytes.data()), bytes.size())});
    EXPECT_EQ(result.exit_code, 0) << result.err;
    const auto answer = json_lines(result.out).at(0).as_object();
    EXPECT_EQ(answer.at("file").as_string(), "-");
    EXPECT_EQ(answer.at("exact_matches").as_array().size(), 1U);
}

TEST_F(SearchTest, NamesOfAnyBytesAreSearchedAndShownAsText) {
    const auto odd = home_.folder().string() + "/[line\nfeed \xFF].webm]";
    std::filesystem::copy_file(clip_, odd);
    const auto result = home_.run({"search", "--json", odd});
    EXPECT_EQ(result.exit_code, 0) << result.err;
    const auto answer = json_lines(result.out).at(0).as_object();
    EXPECT_THAT(std::string(answer.at("file").as_string()), HasSubstr("[line\nfeed \\xFF].webm]"));
    EXPECT_EQ(answer.at("exact_matches").as_array().size(), 1U);
}

TEST_F(SearchTest, ATenHourRecordingIsAnsweredFromItsBeginning) {
    const auto path = home_.folder() / "long.wav";
    constexpr std::uint32_t kBytes = 10U * 3600 * 8000 * 2;
    auto header = wav_bytes({.sample_rate_hz = 8000, .channels = 1, .samples = {}});
    const auto put = [&](std::size_t at, std::uint32_t value) {
        for (int i = 0; i < 4; ++i)
            header[at + static_cast<std::size_t>(i)] = static_cast<std::byte>(value >> 8 * i & 255);
    };
    put(4, kBytes + 36);
    put(header.size() - 4, kBytes);
    write_file(path, header);
    std::filesystem::resize_file(path, header.size() + kBytes);
    const auto result = home_.run({"search", "--json", path.string()});
    EXPECT_EQ(result.exit_code, 0) << result.err << result.out;
    EXPECT_TRUE(json_lines(result.out).at(0).as_object().at("exact_matches").as_array().empty());
}

TEST_F(SearchTest, WrongOptionsAreUsageErrors) {
    EXPECT_EQ(home_.run({"search"}).exit_code, 2);
    EXPECT_EQ(home_.run({"search", "--max-results", "0", clip_}).exit_code, 2);
    EXPECT_EQ(home_.run({"search", "--max-results", "51", clip_}).exit_code, 2);
    EXPECT_EQ(home_.run({"search", "--mode", "loud", clip_}).exit_code, 2);
    EXPECT_EQ(home_.run({"search", "--min-confidence", "1.5", clip_}).exit_code, 2);
    EXPECT_EQ(home_.run({"search", "--min-seconds", "0.5", clip_}).exit_code, 2);
}

TEST_F(SearchTest, TheVibeLaneNamesTheTrackOfANoisyClip) {
    const auto result = home_.run({"search", "--json", "--mode", "vibe", clip_});
    ASSERT_EQ(result.exit_code, 0) << result.err;
    const auto answer = json_lines(result.out).at(0);
    std::vector<std::string> files;
    for (const auto& match : answer.at("vibe_matches").as_array())
        files.emplace_back(match.at("track").at("file_path").as_string());
    EXPECT_THAT(files, ::testing::Contains(song_));
}

TEST(SearchBySound, NamesWhatSoundsLikeAClipAndItsMoment) {
    const Home home;
    const std::string track = SAMPLE_FOLDER "/Vibe Ace.m4a";
    const auto ingested = home.run(
        {"ingest", track, SAMPLE_FOLDER "/The Struggle Loop.ogg", SAMPLE_FOLDER "/Hungarian Dance No. 5.flac"});
    ASSERT_EQ(ingested.exit_code, 0) << ingested.err;
    const std::string clip = (home.folder() / "clip.webm").string();
    run_ffmpeg({"-ss", "20", "-t", "10", "-i", track, "-c:a", "libopus", "-b:a", "32k", clip});
    const auto result = home.run({"search", "--json", "--mode", "vibe", clip});
    ASSERT_EQ(result.exit_code, 0) << result.err;
    const auto answer = json_lines(result.out).at(0);
    const auto& matches = answer.at("vibe_matches").as_array();
    ASSERT_FALSE(matches.empty());
    EXPECT_EQ(matches.at(0).at("track").at("file_path").as_string(), std::filesystem::canonical(track).string());
    EXPECT_NEAR(matches.at(0).at("best_moment_seconds").to_number<double>(), 20, 5);
    const auto& likeliest = matches.at(0).at("tags").at(0);
    EXPECT_GT(likeliest.at("probability").to_number<double>(), 0.1);
    const std::string tag(likeliest.at("name").as_string());
    const auto text = home.run({"search", "--mode", "vibe", clip}).out;
    EXPECT_THAT(text, HasSubstr("% similar, most at 0:"));
    EXPECT_THAT(text, HasSubstr("  " + tag + " 0."));
}

TEST_F(SearchTest, AModelWithoutTextSaysSo) {
    const auto text = home_.run({"search", "--mode", "vibe", "--text", "slow dreamy piano"});
    EXPECT_EQ(text.exit_code, 1);
    EXPECT_THAT(text.err,
                HasSubstr("the model musicnn does not understand text; run `audio-ident model install clap`"));
    EXPECT_EQ(home_.run({"search", "--text", "piano"}).exit_code, 2) << "of the vibe lane only";
    EXPECT_EQ(home_.run({"search", "--mode", "vibe", "--text", "piano", clip_}).exit_code, 2);
}

TEST_F(SearchTest, SimilarTracksAreNotTheTrackItself) {
    for (const std::vector<std::string>& at : {std::vector<std::string>{}, {"--at", "0:07.5"}}) {
        std::vector<std::string> arguments = {"similar", "--json", song_, "--min-similarity", "0"};
        arguments.insert(arguments.end(), at.begin(), at.end());
        const auto result = home_.run(arguments);
        ASSERT_EQ(result.exit_code, 0) << result.err;
        const auto answer = json_lines(result.out).at(0).as_object();
        for (const auto& match : answer.at("vibe_matches").as_array())
            EXPECT_NE(match.at("track").at("id"), answer.at("track_id"));
    }
    EXPECT_EQ(home_.run({"similar", song_, "--at", "1:00"}).exit_code, 2) << "after its end";
    EXPECT_EQ(home_.run({"similar", song_, "--at", "soon"}).exit_code, 2);
    EXPECT_EQ(home_.run({"similar", "no such track"}).exit_code, 1);
}

TEST(SearchWithoutVectors, SaysWhatToRun) {
    Home home;
    const auto song = home.add_song(1, "a.wav", 10).string();
    ASSERT_EQ(home.run({"ingest", "--no-embed", song}).exit_code, 0);
    for (const auto& arguments :
         {std::vector<std::string>{"search", "--mode", "vibe", song}, std::vector<std::string>{"similar", song}}) {
        const auto result = home.run(arguments);
        EXPECT_EQ(result.exit_code, 75);
        EXPECT_THAT(result.err, HasSubstr("run `audio-ident reembed`"));
    }
    const auto both = home.run({"search", song});
    EXPECT_EQ(both.exit_code, 0) << both.err;
    EXPECT_THAT(both.err, HasSubstr("only the exact lane is available: "));
    EXPECT_THAT(both.out, HasSubstr("Song 1"));
}

TEST(SearchWithoutLibrary, SaysHowToMakeOne) {
    Home home;
    const auto result = home.run({"search", home.add_song(1, "a.wav", 5).string()});
    EXPECT_EQ(result.exit_code, 75);
    EXPECT_THAT(result.err, HasSubstr("audio-ident ingest"));
    EXPECT_FALSE(std::filesystem::exists(home.data())) << "searching makes nothing";
}

}  // namespace
}  // namespace audio_ident::test
