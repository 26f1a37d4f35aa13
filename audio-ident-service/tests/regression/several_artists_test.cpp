#include <gtest/gtest.h>

#include "audio/file_tags.hpp"
#include "support/decode.hpp"
#include "support/encode.hpp"
#include "support/id3.hpp"
#include "support/synth.hpp"
#include "support/temp_folder.hpp"

// The program kept only the first of several artists, or joined them by a semicolon.

namespace audio_ident::audio {
namespace {

using namespace std::string_literals;

test::Bytes encoded(const std::string& name) {
    const test::TempFolder folder;
    test::encode(test::music(1, 1), folder / name, {"-write_xing", "0", "-id3v2_version", "0"});
    return test::read_file(folder / name);
}

const test::Bytes& untagged_mp3() {
    static const test::Bytes bytes = encoded("a.mp3");
    return bytes;
}

Tags tags_of(const test::Bytes& bytes) {
    const auto info = make_ffmpeg_decoder()->probe(std::span<const std::byte>(bytes), {});
    EXPECT_TRUE(info.has_value()) << info.error().message;
    return info ? info->tags : Tags{};
}

std::optional<std::string> artist_of(const test::Id3Tag& tag) {
    return tags_of(tag.before(untagged_mp3())).artist;
}

std::string little_endian(std::size_t value) {
    std::string bytes;
    for (unsigned shift = 0; shift < 32; shift += 8) bytes += static_cast<char>(value >> shift & 0xFF);
    return bytes;
}

/// A FLAC file whose Vorbis comments are these, and nothing else.
test::Bytes flac_with(const std::vector<std::string>& comments) {
    std::string block = little_endian(4) + "test" + little_endian(comments.size());
    for (const std::string& comment : comments) block += little_endian(comment.size()) + comment;
    test::Bytes file = encoded("a.flac");
    std::string out = "fLaC";
    std::size_t at = 4;
    bool is_last = false;
    while (!is_last) {
        const auto byte = [&](std::size_t i) { return static_cast<std::size_t>(file[at + i]); };
        is_last = byte(0) >= 0x80;
        const std::size_t size = 4 + (byte(1) << 16 | byte(2) << 8 | byte(3));
        const bool is_info = (byte(0) & 0x7F) == 0;
        for (std::size_t i = 0; is_info && i < size; ++i) out += static_cast<char>(i == 0 ? 0 : byte(i));
        at += size;
    }
    out += '\x84';
    for (const unsigned shift : {16U, 8U, 0U}) out += static_cast<char>(block.size() >> shift & 0xFF);
    out += block;
    test::Bytes all;
    for (const char c : out) all.push_back(static_cast<std::byte>(c));
    all.insert(all.end(), file.begin() + static_cast<std::ptrdiff_t>(at), file.end());
    return all;
}

TEST(SeveralArtists, AreJoinedAsPeopleWriteThem) {
    EXPECT_EQ(join_artists({}), "");
    EXPECT_EQ(join_artists({"A"}), "A");
    EXPECT_EQ(join_artists({"A", "B"}), "A & B");
    EXPECT_EQ(join_artists({"A", "B", "C"}), "A, B & C");
    EXPECT_EQ(join_artists({"A", "B", "A"}), "A & B");
    EXPECT_EQ(join_artists({"Earth, Wind & Fire", "Ramsey Lewis"}), "Earth, Wind & Fire & Ramsey Lewis");
}

TEST(SeveralArtists, OfId3v24AreAllKept) {
    EXPECT_EQ(artist_of(test::Id3Tag(4).text("TPE1", 3, "Björk\0Rosalía"s)), "Björk & Rosalía");
    EXPECT_EQ(artist_of(test::Id3Tag(4).text("TPE1", 3, "Björk\0Rosalía\0Arca\0"s)), "Björk, Rosalía & Arca");
    EXPECT_EQ(artist_of(test::Id3Tag(4).text("TPE1", 0,
                                             "Bj\xF6rk\0Rosal\xED"
                                             "a"s)),
              "Björk & Rosalía");
    EXPECT_EQ(artist_of(test::Id3Tag(4).text("TPE1", 1,
                                             "\xFF\xFE"
                                             "A\0\0\0\xFF\xFE"
                                             "B\0"s)),
              "A & B");
    EXPECT_EQ(artist_of(test::Id3Tag(4).text("TPE1", 2, "\0A\0\0\0B"s)), "A & B");
    EXPECT_EQ(artist_of(test::Id3Tag(4).text("TPE1", 3, "\0\0A\0 \0"s)), "A");
}

// ID3v2.3 ends a text at the first NUL. Some programs left the rest of a longer, older text after it.
TEST(SeveralArtists, OfId3v23TheOnlyTextIsKept) {
    EXPECT_EQ(artist_of(test::Id3Tag(3).text("TPE1", 0, "AC/DC\0old name"s)), "AC/DC");
    EXPECT_EQ(artist_of(test::Id3Tag(2).text("TP1", 0, "AC/DC\0"s)), "AC/DC");
}

TEST(SeveralArtists, OfVorbisCommentsAreAllKept) {
    const Tags tags = tags_of(flac_with({"TITLE=Cantata; for two", "ARTIST=Anna", "ARTIST=Bruno", "ARTIST=Carla"}));
    EXPECT_EQ(tags.title, "Cantata; for two");
    EXPECT_EQ(tags.artist, "Anna, Bruno & Carla");
    EXPECT_EQ(tags_of(flac_with({"ARTIST=Anna"})).artist, "Anna");
}

TEST(SeveralArtists, AlbumArtistIsUsedOnlyWithoutAnArtist) {
    EXPECT_EQ(artist_of(test::Id3Tag(4).text("TPE2", 3, "Various").text("TPE1", 3, "Anna")), "Anna");
    EXPECT_EQ(artist_of(test::Id3Tag(4).text("TPE2", 3, "Anna\0Bruno"s)), "Anna & Bruno");
    EXPECT_EQ(tags_of(flac_with({"ALBUMARTIST=Various", "ARTIST=Anna"})).artist, "Anna");
    EXPECT_EQ(tags_of(flac_with({"ALBUMARTIST=Anna", "ALBUMARTIST=Bruno"})).artist, "Anna & Bruno");
}

TEST(SeveralArtists, SortNamesAreNotShown) {
    const Tags tags = tags_of(test::Id3Tag(4)
                                  .text("TSOP", 3, "Mitchell, Joni")
                                  .text("TPE1", 3, "Joni Mitchell")
                                  .text("TSOT", 3, "Case of You, A")
                                  .text("TIT2", 3, "A Case of You")
                                  .text("TSOA", 3, "Blue, The")
                                  .text("TALB", 3, "Blue")
                                  .before(untagged_mp3()));
    EXPECT_EQ(tags.artist, "Joni Mitchell");
    EXPECT_EQ(tags.title, "A Case of You");
    EXPECT_EQ(tags.album, "Blue");
    EXPECT_EQ(tags_of(flac_with({"ARTISTSORT=Mitchell, Joni", "ARTIST=Joni Mitchell"})).artist, "Joni Mitchell");
}

}  // namespace
}  // namespace audio_ident::audio
