#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace audio_ident::audio {

/// The encoding of 8-bit texts whose encoding cannot be told.
inline constexpr std::string_view kWesternEncoding = "windows-1252";

/// Decodes the tags of one file that carry no statement of their encoding, or a false one: ID3v1, RIFF, and ID3v2 text
/// that claims to be Latin-1. Programs wrote such text in the encoding of their system, the same one for all tags of a
/// file.
class TagDecoder {
  public:
    /// `texts` are the file's tags, the evidence for their encoding. `fallback` names the encoding to use when the
    /// bytes do not tell; empty: kWesternEncoding. Text that looks Western is never read in a fallback of another
    /// script.
    TagDecoder(std::span<const std::string> texts, std::string fallback);

    /// The text as UTF-8. Text that is UTF-8 already stays as it is.
    std::string decode(std::string_view text) const;

    /// The encoding in which decode() reads texts that are not UTF-8.
    const std::string& encoding() const { return encoding_; }

  private:
    std::string encoding_;
    bool is_detected_ = false;
};

/// Names the encoding of these 8-bit texts, which must share one: windows-1250, windows-1251, Shift_JIS, GBK, Big5 or
/// windows-949. Returns an empty name when the bytes do not tell with confidence, and for Western European text.
///
/// The rules look at how languages are written, and prefer no answer to a wrong one: Western words mix ASCII letters
/// with single accented ones that occur together in some language; Cyrillic words are all high bytes with the case
/// pattern and the letter frequencies of Russian; Chinese and Japanese text is pairs of bytes with common characters.
std::string_view detect_tag_encoding(std::span<const std::string> texts);

}  // namespace audio_ident::audio
