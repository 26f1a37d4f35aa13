#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "support/files.hpp"

namespace audio_ident::test {

/// Writes an ID3v2 tag byte by byte, as old taggers did.
class Id3Tag {
  public:
    explicit Id3Tag(int version) : version_(version) {}

    /// `encoding`: 0 Latin-1, 1 UTF-16 with a byte order mark, 2 UTF-16 big endian, 3 UTF-8. `text` is the content as
    /// bytes.
    Id3Tag& text(std::string_view id, int encoding, std::string_view text) {
        return frame(id, std::string(1, static_cast<char>(encoding)) + std::string(text));
    }

    Id3Tag& frame(std::string_view id, std::string_view body, std::string_view flags = std::string_view("\0\0", 2)) {
        frames_ += id;
        if (version_ == 2) frames_ += number(body.size(), 8).substr(1);
        else frames_ += number(body.size(), version_ == 4 ? 7 : 8);
        if (version_ != 2) frames_ += flags;
        frames_ += body;
        return *this;
    }

    /// The tag, with padding.
    std::string bytes() const {
        const std::string body = frames_ + std::string(64, '\0');
        return std::string("ID3") + static_cast<char>(version_) + std::string(2, '\0') + number(body.size(), 7) + body;
    }

    /// The tag, and then `file`.
    Bytes before(const Bytes& file) const {
        Bytes all;
        for (const char c : bytes()) all.push_back(static_cast<std::byte>(c));
        all.insert(all.end(), file.begin(), file.end());
        return all;
    }

  private:
    /// `value` in four bytes that use `bits` bits each.
    static std::string number(std::size_t value, int bits) {
        std::string bytes;
        for (int i = 3; i >= 0; --i)
            bytes +=
                static_cast<char>(value >> static_cast<unsigned>(bits * i) & ((1U << static_cast<unsigned>(bits)) - 1));
        return bytes;
    }

    int version_;
    std::string frames_;
};

/// An ID3v1 tag, which ends a file: title, artist and album of at most 30 bytes.
inline std::string id3v1(std::string title, std::string artist, std::string album) {
    for (std::string* field : {&title, &artist, &album}) field->resize(30, '\0');
    std::string tag = "TAG" + title + artist + album;
    tag.resize(128, '\0');
    return tag;
}

}  // namespace audio_ident::test
