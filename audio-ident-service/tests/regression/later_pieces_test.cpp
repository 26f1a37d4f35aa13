#include <gmock/gmock.h>

#include "support/decode.hpp"
#include "support/encode.hpp"
#include "support/files.hpp"
#include "support/synth.hpp"
#include "support/temp_folder.hpp"

// The pieces that a browser delivers while it records, without the first one, were "not audio".

namespace audio_ident::audio {
namespace {

/// Decodes what is left of an encoded clip from the second `mark` on, which is `before` bytes into its piece.
std::string refusal_from_second(std::string_view mark, std::size_t before, const std::string& name,
                                const std::vector<std::string>& options) {
    const test::TempFolder folder;
    test::encode(test::music(1, 8), folder / name, options);
    const test::Bytes bytes = test::read_file(folder / name);
    const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    const auto second = text.find(mark, text.find(mark) + mark.size());
    EXPECT_NE(second, std::string_view::npos) << name;
    if (second == std::string_view::npos) return {};
    test::write_file(folder / "piece", std::string(text.substr(second - before)));
    const auto decoded = test::decode(folder / "piece");
    EXPECT_FALSE(decoded.has_value()) << name;
    return decoded ? "" : decoded.error().message;
}

constexpr auto kTold = "the beginning of the recording is missing";

TEST(LaterPieces, OfWebmAreNamed) {
    using namespace std::string_view_literals;
    const std::vector<std::string> live = {"-c:a", "libopus", "-f", "webm", "-cluster_time_limit", "1000"};
    EXPECT_THAT(refusal_from_second("\x1f\x43\xb6\x75"sv, 0, "a.webm", live), testing::HasSubstr(kTold));
    // A piece may also begin within a cluster, with a block of the first track.
    const test::TempFolder folder;
    test::write_file(folder / "block", "\xa3\x40\x84\x81\x03\xe8\x80" + std::string(4000, '\x7c'));
    const auto block = test::decode(folder / "block");
    ASSERT_FALSE(block.has_value());
    EXPECT_THAT(block.error().message, testing::HasSubstr(kTold));
}

TEST(LaterPieces, OfFragmentedMp4AreNamed) {
    const std::vector<std::string> fragmented = {
        "-c:a", "aac", "-movflags", "empty_moov+default_base_moof", "-frag_duration", "1000000"};
    EXPECT_THAT(refusal_from_second("moof", 4, "a.mp4", fragmented), testing::HasSubstr(kTold));
}

TEST(LaterPieces, OfOggAreNamed) {
    EXPECT_THAT(refusal_from_second("OggS", 0, "a.ogg", {"-c:a", "libopus"}), testing::HasSubstr(kTold));
}

}  // namespace
}  // namespace audio_ident::audio
