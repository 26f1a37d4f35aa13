#include "monitor/feed/icy.hpp"

#include <algorithm>

#include "audio/tags.hpp"

namespace audio_ident::monitor {
namespace {

constexpr std::size_t kUnit = 16;

}  // namespace

void Icy::consume(std::span<const std::byte> bytes, const Sound& sound, const Title& title) {
    if (between_ == 0) {
        sound(bytes);
        return;
    }
    while (!bytes.empty()) {
        if (sound_left_ > 0) {
            const auto part = bytes.first(std::min(sound_left_, bytes.size()));
            sound(part);
            sound_left_ -= part.size();
            bytes = bytes.subspan(part.size());
            continue;
        }
        if (!length_) {
            length_ = kUnit * std::to_integer<std::size_t>(bytes.front());
            bytes = bytes.subspan(1);
        }
        const auto part = bytes.first(std::min(*length_ - text_.size(), bytes.size()));
        text_.append(reinterpret_cast<const char*>(part.data()), part.size());
        bytes = bytes.subspan(part.size());
        if (text_.size() < *length_) continue;
        if (const auto found = stream_title(text_)) title(*found);
        text_.clear();
        length_.reset();
        sound_left_ = between_;
    }
}

std::optional<std::string> stream_title(const std::string& text) {
    constexpr std::string_view kName = "StreamTitle='";
    const auto begin = text.find(kName);
    if (begin == std::string::npos) return std::nullopt;
    const auto from = begin + kName.size();
    // A title may contain quotation marks; only one before a semicolon ends it.
    const auto end = text.find("';", from);
    return audio::clean_tag(std::string_view(text).substr(from, end == std::string::npos ? end : end - from))
        .value_or("");
}

}  // namespace audio_ident::monitor
