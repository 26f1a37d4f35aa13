#include "audio/id3v2.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <utility>

#include "lib/icu/decode_text.hpp"

namespace audio_ident::audio {
namespace {

constexpr std::size_t kHeaderBytes = 10;
constexpr std::int64_t kMaxTextBytes = 64 * 1024;             // of one frame
constexpr std::int64_t kMaxUnsynchronisedBytes = 256 * 1024;  // of a tag that must be read as a whole
constexpr std::size_t kMaxFrames = 1000;

using Bytes = std::vector<std::uint8_t>;

/// Bytes from `offset` on, at most `count`; fewer where the source ends or cannot be read.
Bytes read(ffmpeg::ByteSource& source, std::int64_t offset, std::int64_t count) {
    Bytes bytes(static_cast<std::size_t>(std::max<std::int64_t>(count, 0)));
    std::size_t filled = 0;
    while (filled < bytes.size()) {
        const int got = source.read_at(offset + static_cast<std::int64_t>(filled), std::span(bytes).subspan(filled));
        if (got <= 0) break;
        filled += static_cast<std::size_t>(got);
    }
    bytes.resize(filled);
    return bytes;
}

std::uint32_t big_endian(std::span<const std::uint8_t> bytes) {
    std::uint32_t value = 0;
    for (const std::uint8_t byte : bytes) value = value << 8 | byte;
    return value;
}

/// Seven bits a byte.
std::uint32_t synchsafe(std::span<const std::uint8_t> bytes) {
    std::uint32_t value = 0;
    for (const std::uint8_t byte : bytes) value = value << 7 | (byte & 0x7FU);
    return value;
}

/// Removes the zero that unsynchronisation puts after each 0xFF.
Bytes synchronised(std::span<const std::uint8_t> bytes) {
    Bytes out;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        out.push_back(bytes[i]);
        if (bytes[i] == 0xFF && i + 1 < bytes.size() && bytes[i + 1] == 0) ++i;
    }
    return out;
}

bool is_frame_id(std::span<const std::uint8_t> id) {
    return std::all_of(id.begin(), id.end(),
                       [](std::uint8_t c) { return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); });
}

/// The ID3v2.3 name of an ID3v2.2 frame, as far as it is used here.
std::string modern_id(const std::string& id) {
    constexpr std::array<std::pair<std::string_view, std::string_view>, 5> kNames = {
        {{"TT2", "TIT2"}, {"TP1", "TPE1"}, {"TP2", "TPE2"}, {"TAL", "TALB"}, {"TCM", "TCOM"}}};
    const auto found = std::find_if(kNames.begin(), kNames.end(), [&](const auto& name) { return name.first == id; });
    return found == kNames.end() ? id : std::string(found->second);
}

std::string utf16_to_utf8(std::span<const std::uint8_t> bytes, bool& is_little_endian) {
    std::u16string text;
    for (std::size_t i = 0; i + 1 < bytes.size(); i += 2) {
        const auto unit =
            static_cast<char16_t>(is_little_endian ? bytes[i] | bytes[i + 1] << 8 : bytes[i] << 8 | bytes[i + 1]);
        if (unit == 0xFEFF) continue;
        if (unit == 0xFFFE && text.empty()) is_little_endian = !is_little_endian;
        else text += unit;
    }
    return icu::to_utf8(text);
}

/// Splits a text at its NULs, which are two bytes wide in UTF-16. Leaves empty values out.
std::optional<Id3Text> text_of(std::span<const std::uint8_t> body, bool has_several) {
    if (body.empty() || body[0] > 3) return std::nullopt;
    const int encoding = body[0];
    const std::size_t width = encoding == 1 || encoding == 2 ? 2 : 1;
    bool is_little_endian = encoding == 1;
    body = body.subspan(1);
    Id3Text text;
    text.is_8bit = encoding == 0;
    while (!body.empty() && (has_several || text.values.empty())) {
        std::size_t end = 0;
        while (end + width <= body.size() && std::any_of(body.begin() + static_cast<std::ptrdiff_t>(end),
                                                         body.begin() + static_cast<std::ptrdiff_t>(end + width),
                                                         [](std::uint8_t byte) { return byte != 0; }))
            end += width;
        end = std::min(end, body.size());
        const auto value = body.first(end);
        if (!value.empty()) {
            text.values.push_back(width == 2 ? utf16_to_utf8(value, is_little_endian)
                                             : std::string(value.begin(), value.end()));
        }
        body = body.subspan(std::min(end + width, body.size()));
    }
    if (text.values.empty()) return std::nullopt;
    return text;
}

/// Walks the frames of one tag.
class TagReader {
  public:
    TagReader(ffmpeg::ByteSource& source, int version, bool is_unsynchronised, std::int64_t begin, std::int64_t end)
        : source_(source), version_(version), is_unsynchronised_(is_unsynchronised), at_(begin), end_(end) {}

    std::vector<Id3Text> texts() {
        std::vector<Id3Text> texts;
        for (std::size_t count = 0; count < kMaxFrames; ++count) {
            const std::size_t header_bytes = version_ == 2 ? 6 : kHeaderBytes;
            const Bytes header = read(source_, at_, std::min<std::int64_t>(kHeaderBytes, end_ - at_));
            const std::size_t id_bytes = version_ == 2 ? 3 : 4;
            if (header.size() < header_bytes || !is_frame_id(std::span(header).first(id_bytes))) break;
            const std::int64_t begin = at_ + static_cast<std::int64_t>(header_bytes);
            const std::int64_t size = size_of(header, begin);
            if (size < 0 || size > end_ - begin) break;
            at_ = begin + size;
            if (header[0] != 'T' || size > kMaxTextBytes) continue;
            auto text = text_of(body_of(header, begin, size), version_ == 4);
            if (!text) continue;
            text->id = modern_id(std::string(header.begin(), header.begin() + static_cast<std::ptrdiff_t>(id_bytes)));
            texts.push_back(std::move(*text));
        }
        return texts;
    }

  private:
    std::int64_t size_of(const Bytes& header, std::int64_t begin) {
        if (version_ == 2) return big_endian(std::span(header).subspan(3, 3));
        const auto field = std::span(header).subspan(4, 4);
        if (version_ == 3) return big_endian(field);
        // Old versions of iTunes wrote plain numbers here. Where both readings differ, look which one a frame follows.
        const std::int64_t plain = big_endian(field);
        const std::int64_t safe = synchsafe(field);
        const bool has_high_bit = std::any_of(field.begin(), field.end(), [](std::uint8_t b) { return b >= 0x80; });
        if (plain == safe || (!has_high_bit && ends_well(begin + safe))) return safe;
        return has_high_bit || ends_well(begin + plain) ? plain : safe;
    }

    bool ends_well(std::int64_t offset) {
        if (offset == end_) return true;
        const Bytes id = read(source_, offset, std::min<std::int64_t>(4, end_ - offset));
        return is_frame_id(id) || (!id.empty() && id[0] == 0);
    }

    /// The frame's content without what its flags announce; empty when it is compressed or encrypted.
    Bytes body_of(const Bytes& header, std::int64_t begin, std::int64_t size) {
        const int flags = version_ == 2 ? 0 : header[9];
        const int unreadable = version_ == 3 ? 0xC0 : 0x0C;
        if ((flags & unreadable) != 0) return {};
        Bytes body = read(source_, begin, size);
        std::size_t extra = 0;
        if (version_ == 3 && (flags & 0x20) != 0) extra = 1;
        if (version_ == 4) extra = ((flags & 0x40) != 0 ? 1U : 0U) + ((flags & 0x01) != 0 ? 4U : 0U);
        body.erase(body.begin(), body.begin() + static_cast<std::ptrdiff_t>(std::min(extra, body.size())));
        const bool is_frame_unsynchronised = version_ == 4 && (flags & 0x02) != 0;
        return is_unsynchronised_ || is_frame_unsynchronised ? synchronised(body) : body;
    }

    ffmpeg::ByteSource& source_;
    int version_;
    bool is_unsynchronised_;  ///< each frame by itself
    std::int64_t at_;
    std::int64_t end_;
};

/// Bytes of the extended header, which begins at `offset`.
std::int64_t extended_header_bytes(ffmpeg::ByteSource& source, std::int64_t offset, int version) {
    const Bytes size = read(source, offset, 4);
    if (size.size() < 4) return 0;
    return version == 3 ? std::int64_t{4} + big_endian(size) : std::int64_t{synchsafe(size)};
}

std::vector<Id3Text> texts_of(ffmpeg::ByteSource& source, int version, int flags, std::int64_t begin,
                              std::int64_t end) {
    if ((flags & 0x40) != 0) {
        if (version == 2) return {};  // compressed as a whole
        begin += extended_header_bytes(source, begin, version);
    }
    return TagReader(source, version, version == 4 && (flags & 0x80) != 0, begin, end).texts();
}

}  // namespace

std::vector<Id3Text> read_id3v2(ffmpeg::ByteSource& source) {
    const Bytes header = read(source, 0, kHeaderBytes);
    if (header.size() < kHeaderBytes || header[0] != 'I' || header[1] != 'D' || header[2] != '3') return {};
    const int version = header[3];
    const int flags = header[5];
    if (version < 2 || version > 4) return {};
    const std::int64_t size = synchsafe(std::span(header).subspan(6, 4));
    if ((flags & 0x80) == 0 || version == 4) {
        return texts_of(source, version, flags, kHeaderBytes, static_cast<std::int64_t>(kHeaderBytes) + size);
    }
    const Bytes body = synchronised(read(source, kHeaderBytes, std::min(size, kMaxUnsynchronisedBytes)));
    ffmpeg::MemorySource memory(std::as_bytes(std::span(body)));
    return texts_of(memory, version, flags, 0, static_cast<std::int64_t>(body.size()));
}

}  // namespace audio_ident::audio
