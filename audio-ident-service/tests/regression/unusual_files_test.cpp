#include <filesystem>
#include <functional>
#include <gtest/gtest.h>
#include <memory>

#include "fingerprint/extractor.hpp"
#include "index/both_lanes/lmdb_index.hpp"
#include "search/exact_lane.hpp"
#include "support/decode.hpp"
#include "support/encode.hpp"
#include "support/executor.hpp"
#include "support/files.hpp"
#include "support/fingerprints.hpp"
#include "support/id3.hpp"
#include "support/synth.hpp"
#include "support/temp_folder.hpp"

// Files that people have, and that were right from the beginning: their music is found.

namespace audio_ident {
namespace {

constexpr double kSeconds = 9;

/// Makes the file `name` in `folder` from the WAV file of a clip.
using Make = std::function<void(const std::filesystem::path& wav, const std::filesystem::path& name)>;

struct Unusual {
    const char* name;
    Make make;
};
void PrintTo(const Unusual& file, std::ostream* out) {
    *out << file.name;
}

Make encoded(std::vector<std::string> options) {
    return [options](const auto& wav, const auto& name) {
        std::vector<std::string> all = {"-i", wav.string()};
        all.insert(all.end(), options.begin(), options.end());
        all.push_back(name.string());
        test::run_ffmpeg(all);
    };
}

/// Two files, one after the other in the same file, as radio streams are recorded.
Make chained(std::vector<std::string> options) {
    return [options](const auto& wav, const auto& name) {
        test::Bytes bytes;
        for (const char* part : {"0", "4.5"}) {
            auto cut = options;
            cut.insert(cut.begin(), {"-ss", part, "-t", "4.5"});
            encoded(cut)(wav, name);
            const auto more = test::read_file(name);
            bytes.insert(bytes.end(), more.begin(), more.end());
            std::filesystem::remove(name);
        }
        test::write_file(name, bytes);
    };
}

void with_a_large_cover(const std::filesystem::path& wav, const std::filesystem::path& name) {
    encoded({})(wav, name);
    const std::string picture(24'000'000, 'x');
    const std::string cover = std::string("\0image/jpeg\0\3\0", 14) + "\xff\xd8\xff" + picture;
    test::write_file(name, test::Id3Tag(3).frame("APIC", cover).before(test::read_file(name)));
}

void with_chapters(const std::filesystem::path& wav, const std::filesystem::path& name) {
    const auto chapters = wav.parent_path() / "chapters.txt";
    test::write_file(chapters,
                     ";FFMETADATA1\n[CHAPTER]\nTIMEBASE=1/1\nSTART=0\nEND=4\ntitle=One\n"
                     "[CHAPTER]\nTIMEBASE=1/1\nSTART=4\nEND=9\ntitle=Two\n");
    test::run_ffmpeg(
        {"-i", wav.string(), "-i", chapters.string(), "-map_metadata", "1", "-c:a", "aac", "-f", "mp4", name.string()});
}

void cut_in_the_middle(const std::filesystem::path& wav, const std::filesystem::path& name) {
    encoded({"-c:a", "libopus", "-f", "webm"})(wav, name);
    auto bytes = test::read_file(name);
    bytes.resize(bytes.size() * 8 / 10);
    test::write_file(name, bytes);
}

class UnusualFiles : public testing::TestWithParam<Unusual> {
  protected:
    static void SetUpTestSuite() {
        folder_ = std::make_unique<test::TempFolder>();
        test::write_wav(*folder_ / "music.wav", test::music(1, kSeconds));
        index_ = index::LmdbIndex::open(*folder_ / "index", lmdb::Access::read_write, test::executor()).value();
        std::vector<index::TrackFingerprint> tracks;
        for (std::uint32_t i = 1; i <= 3; ++i) {
            fingerprint::Extractor extractor;
            extractor.consume(test::music(i, kSeconds, fingerprint::kSampleRateHz).samples);
            tracks.push_back({test::numbered_id(i), extractor.finish()});
        }
        ASSERT_TRUE(index_->writer().add(tracks, Deadline()));
    }
    static void TearDownTestSuite() {
        index_.reset();
        folder_.reset();
    }

    static inline std::unique_ptr<test::TempFolder> folder_;
    static inline std::unique_ptr<index::LmdbIndex> index_;
};

TEST_P(UnusualFiles, AreFound) {
    const auto file = *folder_ / GetParam().name;
    GetParam().make(*folder_ / "music.wav", file);
    audio::DecodeOptions options;
    options.sample_rate_hz = fingerprint::kSampleRateHz;
    const auto decoded = test::decode(file, options);
    ASSERT_TRUE(decoded.has_value()) << decoded.error().message;
    EXPECT_EQ(decoded->summary.damaged_frames, 0);
    search::ExactLane lane(index_->reader(), test::executor());
    const auto found = lane.search(decoded->samples, {});
    ASSERT_TRUE(found.has_value()) << found.error().message;
    ASSERT_FALSE(found->empty());
    EXPECT_EQ(found->front().track, test::numbered_id(1));
    EXPECT_NEAR(found->front().offset_seconds, 0, 0.15);
    EXPECT_GT(found->front().confidence, 0.95);
}

INSTANTIATE_TEST_SUITE_P(
    Containers, UnusualFiles,
    testing::Values(Unusual{"chained.ogg", chained({"-c:a", "libvorbis"})},
                    Unusual{"chained.opus", chained({"-c:a", "libopus"})}, Unusual{"a.qta", encoded({"-f", "mov"})},
                    Unusual{"a.mov", encoded({})}, Unusual{"a.mkv", encoded({})}, Unusual{"a.avi", encoded({})},
                    Unusual{"a.flv", encoded({})}, Unusual{"a.ts", encoded({})}, Unusual{"a.wmv", encoded({})},
                    Unusual{"a.m4b", with_chapters}, Unusual{"cut.webm", cut_in_the_middle},
                    Unusual{"safari.mp4",
                            encoded({"-movflags", "empty_moov+default_base_moof", "-frag_duration", "1000000"})},
                    Unusual{"cover.mp3", with_a_large_cover}));
INSTANTIATE_TEST_SUITE_P(
    Codecs, UnusualFiles,
    testing::Values(Unusual{"noxing.mp3", encoded({"-q:a", "4", "-write_xing", "0"})},
                    Unusual{"rf64.wav", encoded({"-rf64", "always"})},
                    Unusual{"dc8.wav", encoded({"-af", "volume=0.5,dcshift=0.3", "-c:a", "pcm_u8"})},
                    Unusual{"surround.wav", encoded({"-ar", "192000", "-ac", "8", "-c:a", "pcm_s24le"})},
                    Unusual{"gsm.wav", encoded({"-ar", "8000", "-ac", "1", "-c:a", "libgsm_ms"})},
                    Unusual{"voip.opus", encoded({"-ar", "16000", "-b:a", "24k", "-application", "voip"})},
                    Unusual{"muted.flac", encoded({"-af", "volume=0:enable='between(t,2,2.4)+between(t,5,5.6)'"})}));

}  // namespace
}  // namespace audio_ident
