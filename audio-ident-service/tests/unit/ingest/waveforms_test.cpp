#include <gtest/gtest.h>

#include "ingest/commit/remove_tracks.hpp"
#include "library.hpp"

namespace audio_ident::ingest {
namespace {

using audio::WaveformPeaks;
using test::Library;

class Waveforms : public testing::Test {
  protected:
    Waveforms() {
        library.put("1.mp3", "song 1 100");
        library.put("2.mp3", "song 2 100");
        library.run();
    }
    std::optional<WaveformPeaks> waveform_of(const std::string& name) {
        return library.waveforms.find(library.row_of(name).file_hash_sha256);
    }
    Library library;
};

TEST_F(Waveforms, AreKeptByAnIngest) {
    EXPECT_EQ(waveform_of("1.mp3"), WaveformPeaks{1});
    EXPECT_EQ(waveform_of("2.mp3"), WaveformPeaks{2});
}

TEST_F(Waveforms, FollowAFileThatChanges) {
    const auto before = library.row_of("1.mp3").file_hash_sha256;
    library.put("1.mp3", "song 3 100");
    library.run();
    EXPECT_EQ(waveform_of("1.mp3"), WaveformPeaks{3});
    EXPECT_EQ(library.waveforms.find(before), std::nullopt);
}

TEST_F(Waveforms, GoWithTheirTracks) {
    const auto row = library.row_of("1.mp3");
    ASSERT_TRUE(library.with_parts([&](const IngestParts& parts) {
        return remove_tracks(parts.stores, {&row.id, 1}, parts.lock);
    }));
    EXPECT_EQ(library.waveforms.find(row.file_hash_sha256), std::nullopt);
    EXPECT_EQ(waveform_of("2.mp3"), WaveformPeaks{2});
}

TEST_F(Waveforms, ThatCannotBeKeptHoldUpNothing) {
    std::filesystem::remove_all(library.folder / "waveforms");
    audio_ident::test::write_file(library.folder / "waveforms", "a file");
    library.put("3.mp3", "song 3 100");
    EXPECT_EQ(library.run().ingested, 1);
    EXPECT_EQ(waveform_of("3.mp3"), std::nullopt);
}

}  // namespace
}  // namespace audio_ident::ingest
