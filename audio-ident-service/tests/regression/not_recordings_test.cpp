#include <gmock/gmock.h>

#include "support/decode.hpp"
#include "support/encode.hpp"
#include "support/files.hpp"
#include "support/synth.hpp"
#include "support/temp_folder.hpp"

// MIDI was called a damaged file, and protected music was decoded as if it were not: to noise.

namespace audio_ident::audio {
namespace {

std::string refusal(const std::filesystem::path& file) {
    const auto decoded = test::decode(file);
    EXPECT_FALSE(decoded.has_value());
    if (decoded) return {};
    EXPECT_EQ(decoded.error().kind, ErrorKind::unsupported);
    return decoded.error().message;
}

TEST(NotRecordings, MidiIsNamedWhateverItsExtension) {
    const test::TempFolder folder;
    std::string midi("MThd\0\0\0\6\0\0\0\1\0\x60MTrk\0\0\0\x0c\0\x90\x3c\x40\x60\x80\x3c\0\0\xff\x2f\0", 34);
    test::write_file(folder / "a.mp3", midi);
    EXPECT_THAT(refusal(folder / "a.mp3"), testing::HasSubstr("is MIDI, which has notes but no sound"));
    test::write_file(folder / "a.rmi", std::string("RIFF\x2a\0\0\0RMIDdata\x22\0\0\0", 20) + midi);
    EXPECT_THAT(refusal(folder / "a.rmi"), testing::HasSubstr("is MIDI"));
}

TEST(NotRecordings, ProtectedMusicIsNamed) {
    const test::TempFolder folder;
    test::encode(test::music(1, 3), folder / "a.m4a");
    test::Bytes bytes = test::read_file(folder / "a.m4a");
    const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    const auto entry = text.find("mp4a", text.find("stsd"));
    ASSERT_NE(entry, std::string_view::npos);
    for (const std::string_view tag : {"drms", "enca"}) {
        for (std::size_t i = 0; i < tag.size(); ++i) bytes[entry + i] = static_cast<std::byte>(tag[i]);
        test::write_file(folder / "a.m4p", bytes);
        EXPECT_THAT(refusal(folder / "a.m4p"), testing::HasSubstr("is protected (DRM)")) << tag;
    }
}

}  // namespace
}  // namespace audio_ident::audio
