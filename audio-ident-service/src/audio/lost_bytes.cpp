#include "audio/lost_bytes.hpp"

#include <algorithm>
#include <string_view>

namespace audio_ident::audio {

namespace {

// FFmpeg reads such streams in pieces of a kilobyte and keeps one or two packets.
constexpr double kLeastBytes = 6000;

bool has_tag(std::span<const std::uint8_t> bytes) {
    using namespace std::string_view_literals;
    for (const std::string_view tag : {"ID3"sv, "APETAGEX"sv, "TAG"sv}) {
        if (std::search(bytes.begin(), bytes.end(), tag.begin(), tag.end()) != bytes.end()) return true;
    }
    return false;
}

}  // namespace

void LostBytes::note(std::span<const std::uint8_t> packet, double seconds, std::int64_t position) {
    lost_seconds_ += pending_seconds_;
    pending_seconds_ = 0;
    const auto read = position_ < 0 ? 0.0 : static_cast<double>(position - position_);
    position_ = position;
    if (seconds <= 0) return;
    const double rate = good_seconds_ > 0 ? good_bytes_ / good_seconds_ : 0;
    const double usual = rate * seconds;
    if (rate > 0 && read > usual + kLeastBytes) {
        if (!has_tag(packet)) pending_seconds_ = (read - usual) / rate;
        return;
    }
    good_bytes_ += static_cast<double>(packet.size());
    good_seconds_ += seconds;
}

}  // namespace audio_ident::audio
