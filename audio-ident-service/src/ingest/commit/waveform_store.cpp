#include "ingest/commit/waveform_store.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <fstream>
#include <iterator>
#include <string_view>

#include "util/atomic_file.hpp"

namespace audio_ident::ingest {

namespace {

constexpr std::array kMark = {'A', 'I', 'W', '1'};  ///< the last is the format's version
constexpr std::uint16_t kFullScale = 1000;

std::string encode(const audio::WaveformPeaks& peaks) {
    std::string bytes(kMark.begin(), kMark.end());
    const auto number = [&](std::uint16_t value) {
        bytes += static_cast<char>(value & 0xffU);
        bytes += static_cast<char>(value >> 8U);
    };
    number(static_cast<std::uint16_t>(peaks.size()));
    for (const std::uint16_t peak : peaks) number(peak);
    return bytes;
}

std::optional<audio::WaveformPeaks> decode(std::string_view bytes) {
    const auto number = [&](std::size_t at) {
        return static_cast<std::uint16_t>(static_cast<unsigned char>(bytes[at]) |
                                          static_cast<unsigned char>(bytes[at + 1]) << 8U);
    };
    constexpr std::size_t kHead = kMark.size() + sizeof(std::uint16_t);
    if (bytes.size() < kHead || !std::equal(kMark.begin(), kMark.end(), bytes.begin())) return std::nullopt;
    audio::WaveformPeaks peaks(number(kMark.size()));
    if (peaks.size() > audio::Waveform::kMaxPeaks || bytes.size() != kHead + 2 * peaks.size()) return std::nullopt;
    for (std::size_t i = 0; i < peaks.size(); ++i) {
        peaks[i] = number(kHead + 2 * i);
        if (peaks[i] > kFullScale) return std::nullopt;
    }
    return peaks;
}

std::string name_of(const std::string& sha256) {
    return "waveforms/" + sha256.substr(0, 2) + '/' + sha256;
}

Deadline soon() {
    return Deadline::after(std::chrono::seconds(10));
}

}  // namespace

std::optional<audio::WaveformPeaks> WaveformStore::find(const std::string& sha256) const {
    const auto bytes = documents_->find(name_of(sha256), soon());
    return bytes && *bytes ? decode(**bytes) : std::nullopt;
}

void WaveformStore::put(std::span<const Entry> entries) const {
    std::vector<catalog::Document> documents;
    for (const Entry& entry : entries) documents.push_back({name_of(entry.sha256), encode(entry.peaks)});
    // find() notices damage, and the program can make the waveform again: not worth waiting for the disk each time.
    static_cast<void>(documents_->put(documents, catalog::Worth::can_be_made_again, soon()));
}

void WaveformStore::remove(const std::string& sha256) const {
    static_cast<void>(documents_->remove(name_of(sha256), soon()));
}

}  // namespace audio_ident::ingest
