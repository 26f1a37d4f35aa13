#include "audio/head.hpp"

#include <algorithm>
#include <bit>
#include <string>
#include <string_view>

#include "util/utf8.hpp"

namespace audio_ident::audio {

namespace {

using namespace std::string_view_literals;

std::string head_of(ffmpeg::ByteSource& bytes, std::size_t size) {
    std::string head(size, '\0');
    const int count = bytes.read_at(0, {reinterpret_cast<std::uint8_t*>(head.data()), size});
    head.resize(static_cast<std::size_t>(std::max(count, 0)));
    return head;
}

/// A cluster, or a block of the first track with its size, time and flags (RFC 9559). A whole file begins with the
/// header of EBML.
bool is_piece_of_matroska(std::string_view head) {
    constexpr auto kCluster = "\x1f\x43\xb6\x75"sv;
    constexpr char kSimpleBlock = '\xa3';
    constexpr char kFirstTrack = '\x81';
    if (head.starts_with(kCluster)) return true;
    if (head.size() < 2 || head[0] != kSimpleBlock) return false;
    const auto size_bytes = static_cast<std::size_t>(std::countl_zero(static_cast<unsigned char>(head[1]))) + 1;
    return head.size() > 1 + size_bytes && head[1 + size_bytes] == kFirstTrack;
}

/// A fragment (ISO/IEC 14496-12). A whole file begins with its type or with the description of its tracks.
bool is_piece_of_mp4(std::string_view head) {
    const auto box = head.substr(std::min<std::size_t>(4, head.size()), 4);
    return box == "moof" || box == "styp" || box == "sidx";
}

/// A page that does not begin a stream (RFC 3533).
bool is_piece_of_ogg(std::string_view head) {
    constexpr int kBeginsStream = 2;
    return head.starts_with("OggS\0"sv) && head.size() > 5 && (head[5] & kBeginsStream) == 0;
}

}  // namespace

bool is_midi(ffmpeg::ByteSource& bytes) {
    const std::string head = head_of(bytes, 12);
    return head.starts_with("MThd") || (head.starts_with("RIFF") && head.ends_with("RMID"));
}

bool starts_as_text(ffmpeg::ByteSource& bytes) {
    const std::string head = head_of(bytes, 1024);
    const std::string_view text = head;
    std::size_t good = 0;
    for (std::size_t i = 0; i < text.size();) {
        const std::size_t length = util::utf8_sequence_length(text.substr(i));
        const auto byte = static_cast<unsigned char>(text[i]);
        const bool is_control = byte < 0x20 && byte != '\n' && byte != '\r' && byte != '\t' && byte != '\f';
        if (length > 0 && !is_control) good += length;
        i += std::max<std::size_t>(1, length);
    }
    // A UTF-8 sequence may be cut off at the end of the head.
    return !text.empty() && good + 3 >= text.size();
}

bool misses_beginning(ffmpeg::ByteSource& bytes) {
    const std::string head = head_of(bytes, 16);
    return is_piece_of_matroska(head) || is_piece_of_mp4(head) || is_piece_of_ogg(head);
}

}  // namespace audio_ident::audio
