#include "monitor/feed/playlist.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <type_traits>
#include <utility>

namespace audio_ident::monitor {
namespace {

constexpr std::size_t kMostEntries = 10'000;
constexpr double kLongestTarget = 60;  // seconds
constexpr std::uint64_t kLeastBitRate = 48'000;

std::string_view next_line(std::string_view& text) {
    const auto end = std::min(text.find('\n'), text.size());
    auto line = text.substr(0, end);
    text.remove_prefix(std::min(text.size(), end + 1));
    while (!line.empty() && (line.back() == '\r' || line.back() == ' ' || line.back() == '\t')) line.remove_suffix(1);
    while (!line.empty() && (line.front() == ' ' || line.front() == '\t')) line.remove_prefix(1);
    return line;
}

template <typename Number>
Number number_of(std::string_view text, Number otherwise) {
    Number number{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    const bool is_number = error == std::errc() && (!std::is_floating_point_v<Number> || std::isfinite(double(number)));
    return is_number ? number : otherwise;
}

/// The value of NAME=value or NAME="value" among attributes.
std::string_view attribute(std::string_view attributes, std::string_view name) {
    for (std::size_t at = attributes.find(name); at != std::string_view::npos; at = attributes.find(name, at + 1)) {
        if (at > 0 && attributes[at - 1] != ',' && attributes[at - 1] != ':') continue;
        auto value = attributes.substr(at + name.size());
        if (!value.starts_with('=')) continue;
        value.remove_prefix(1);
        if (!value.starts_with('"')) return value.substr(0, value.find(','));
        value.remove_prefix(1);
        return value.substr(0, value.find('"'));
    }
    return {};
}

/// Reads an M3U, line by line.
class M3u {
  public:
    Result<void> take(std::string_view line) {
        if (line.starts_with("#EXT")) return tag(line);
        if (!line.empty() && line.front() != '#') entry(line);
        return {};
    }
    Result<Playlist> result() {
        std::ranges::stable_sort(
            variants_, {}, [](const auto& variant) { return std::pair(variant.first < kLeastBitRate, variant.first); });
        for (auto& [rate, url] : variants_) playlist_.choices.push_back(std::move(url));
        if (!playlist_.choices.empty()) playlist_.segments.clear();
        if (!is_hls_) {
            for (const auto& segment : playlist_.segments) playlist_.choices.push_back(segment.url);
            playlist_.segments.clear();
        }
        return std::move(playlist_);
    }

  private:
    Result<void> tag(std::string_view line) {
        const auto value = line.substr(std::min(line.size(), line.find(':') + 1));
        if (line.starts_with("#EXT-X-")) is_hls_ = true;
        if (line.starts_with("#EXT-X-STREAM-INF:"))
            bit_rate_ = number_of<std::uint64_t>(attribute(line, "BANDWIDTH"), 0);
        else if (line.starts_with("#EXT-X-TARGETDURATION:"))
            playlist_.target_seconds = std::clamp(number_of<double>(value, 6), 1.0, kLongestTarget);
        else if (line.starts_with("#EXT-X-MEDIA-SEQUENCE:"))
            playlist_.first_number = number_of<std::uint64_t>(value, 0);
        else if (line.starts_with("#EXT-X-ENDLIST")) playlist_.ended = true;
        else if (line.starts_with("#EXT-X-DISCONTINUITY") && !line.starts_with("#EXT-X-DISCONTINUITY-SEQUENCE"))
            discontinuity_ = true;
        else if (line.starts_with("#EXT-X-MAP:")) playlist_.map = attribute(line, "URI");
        else if (line.starts_with("#EXT-X-BYTERANGE:"))
            return fail(ErrorKind::unsupported, "its segments are parts of one file, which is not supported");
        else if (line.starts_with("#EXT-X-KEY:") && attribute(line, "METHOD") != "NONE")
            return fail(ErrorKind::unsupported, "it is encrypted");
        return {};
    }
    void entry(std::string_view url) {
        if (bit_rate_) {
            variants_.emplace_back(*std::exchange(bit_rate_, std::nullopt), url);
            return;
        }
        if (playlist_.segments.size() == kMostEntries) return;
        playlist_.segments.push_back({std::string(url), std::exchange(discontinuity_, false)});
    }

    Playlist playlist_;
    std::vector<std::pair<std::uint64_t, std::string>> variants_;  ///< bit rate, URL
    std::optional<std::uint64_t> bit_rate_;                        ///< of the variant in the next line
    bool discontinuity_ = false;
    bool is_hls_ = false;
};

Playlist parse_pls(std::string_view text) {
    Playlist playlist;
    while (!text.empty() && playlist.choices.size() < kMostEntries) {
        const auto line = next_line(text);
        const auto equals = line.find('=');
        const bool is_file = line.starts_with("File") || line.starts_with("file");
        if (is_file && equals != std::string_view::npos) playlist.choices.emplace_back(line.substr(equals + 1));
    }
    return playlist;
}

}  // namespace

bool is_playlist(std::string_view text) {
    if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
    return text.starts_with("#EXTM3U") || text.starts_with("[playlist]") || text.starts_with("http://") ||
           text.starts_with("https://");
}

Result<Playlist> parse_playlist(std::string_view text) {
    if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
    Result<Playlist> playlist;
    if (text.starts_with("[playlist]")) {
        playlist = parse_pls(text);
    } else {
        M3u m3u;
        while (!text.empty()) {
            if (const auto taken = m3u.take(next_line(text)); !taken) return forward(taken);
        }
        playlist = m3u.result();
    }
    // A live playlist may have no segments yet, but it says how long they are.
    if (playlist->choices.empty() && playlist->segments.empty() && playlist->ended)
        return fail(ErrorKind::invalid_input, "the playlist is empty");
    return playlist;
}

}  // namespace audio_ident::monitor
