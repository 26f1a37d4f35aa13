#include "api/timeline_peaks.hpp"

#include <fstream>
#include <iterator>
#include <string>
#include <string_view>

#include "util/atomic_file.hpp"

namespace audio_ident::api {
namespace {

constexpr std::string_view kMark = "AIP1";  // the last is the format's version
constexpr std::uint16_t kFullScale = 1000;

}  // namespace

Result<void> write_peaks(const std::filesystem::path& file, const audio::WaveformPeaks& peaks) {
    std::string bytes(kMark);
    for (const std::uint16_t peak : peaks) {
        bytes += static_cast<char>(peak & 0xffU);
        bytes += static_cast<char>(peak >> 8U);
    }
    return util::replace_file(file, bytes, util::Durability::program_crash);
}

std::optional<audio::WaveformPeaks> read_peaks(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(in), {}};
    if (!bytes.starts_with(kMark) || bytes.size() % 2 != 0) return std::nullopt;
    audio::WaveformPeaks peaks;
    for (std::size_t at = kMark.size(); at < bytes.size(); at += 2) {
        const auto low = static_cast<unsigned char>(bytes[at]);
        const auto high = static_cast<unsigned char>(bytes[at + 1]);
        peaks.push_back(static_cast<std::uint16_t>(low | high << 8));
        if (peaks.back() > kFullScale) return std::nullopt;
    }
    return peaks;
}

}  // namespace audio_ident::api
