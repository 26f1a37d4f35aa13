#include "audio/data_chunk.hpp"

#include <algorithm>
#include <array>
#include <span>

namespace audio_ident::audio {

namespace {

constexpr int kMaxChunks = 1000;
/// Programs that cannot know the size of a WAV file state one between this and 2^32.
constexpr std::uint64_t kUnknownWavBytes = 0x7FFF'0000;

/// How a format writes its chunks: an id, a size, the content.
struct Layout {
    std::string_view format;  ///< the demuxer's name
    std::int64_t begin;       ///< of the first chunk
    std::size_t id_bytes;
    std::size_t size_bytes;
    bool little_endian;
    std::int64_t header_in_size;  ///< what the size counts besides the content
    std::int64_t alignment;       ///< of chunks
};

constexpr std::array kLayouts = {
    Layout{"wav", 12, 4, 4, true, 0, 2},
    Layout{"w64", 40, 16, 8, true, 24, 8},
    Layout{"caf", 8, 4, 8, false, 0, 1},
};

std::uint64_t number(std::span<const std::uint8_t> bytes, bool little_endian) {
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        value = value << 8U | bytes[little_endian ? bytes.size() - 1 - i : i];
    }
    return value;
}

bool is_known(std::uint64_t size, const Layout& layout) {
    const std::uint64_t limit = layout.size_bytes == 4 ? kUnknownWavBytes : std::uint64_t{1} << 62U;
    return size > static_cast<std::uint64_t>(layout.header_in_size) && size < limit;
}

}  // namespace

std::optional<DataChunk> find_data_chunk(ffmpeg::ByteSource& bytes, std::string_view format) {
    const auto* layout = std::ranges::find(kLayouts, format, &Layout::format);
    if (layout == kLayouts.end()) return std::nullopt;
    std::array<std::uint8_t, 24> head{};
    const std::size_t size_of_head = layout->id_bytes + layout->size_bytes;
    std::int64_t at = layout->begin;
    for (int i = 0; i < kMaxChunks; ++i) {
        const auto read = bytes.read_at(at, std::span(head).first(size_of_head));
        if (read != static_cast<int>(size_of_head)) return std::nullopt;
        const auto size = number(std::span(head).subspan(layout->id_bytes, layout->size_bytes), layout->little_endian);
        const bool is_data = std::string_view(reinterpret_cast<const char*>(head.data()), 4) == "data";
        if (!is_known(size, *layout)) return std::nullopt;
        const auto content = static_cast<std::int64_t>(size) - layout->header_in_size;
        at += static_cast<std::int64_t>(size_of_head);
        if (is_data) return DataChunk{content, bytes.size() - at};
        if (content > bytes.size() - at) return std::nullopt;
        const std::int64_t over = content % layout->alignment;
        at += content + (over == 0 ? 0 : layout->alignment - over);
    }
    return std::nullopt;
}

}  // namespace audio_ident::audio
