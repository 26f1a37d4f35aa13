#include "library/station_search.hpp"

#include <algorithm>
#include <cmath>

#include "catalog/timestamp_text.hpp"
#include "library/decode_clip.hpp"
#include "library/identify.hpp"
#include "monitor/rolling/chunk.hpp"
#include "search/copies.hpp"
#include "search/exact_lane.hpp"

namespace audio_ident::library {
namespace {

using catalog::MonitorRow;
using catalog::Timestamp;
using search::Evidence;

constexpr std::size_t kSecond = fingerprint::kSampleRateHz;
constexpr std::size_t kLongest = 60 * kSecond;
constexpr std::size_t kWindow = 10 * kSecond;
constexpr float kEquallyWell = 0.9F;  // of the best match's z
constexpr float kWorthTelling = 0.6F;
constexpr double kSameTimeSeconds = 2;

/// The end of a clip.
struct ClipEnd {
    std::vector<float> samples;
    std::size_t before = 0;  ///< samples of the clip that came before
};

Result<ClipEnd> decode_end(const audio::Decoder& decoder, const audio::Source& clip, const IdentifyRequest& request) {
    ClipEnd end;
    audio::DecodeOptions decode;
    decode.sample_rate_hz = fingerprint::kSampleRateHz;
    decode.max_seconds = kMaxSeconds;
    decode.deadline = request.deadline;
    decode.stream = request.stream;
    const auto forget = [&](std::size_t most) {
        if (end.samples.size() <= most) return;
        const std::size_t gone = end.samples.size() - kLongest;
        end.samples.erase(end.samples.begin(), end.samples.begin() + static_cast<std::ptrdiff_t>(gone));
        end.before += gone;
    };
    const auto decoded = decode_clip(decoder, clip, decode, request, [&](std::span<const float> samples) {
        end.samples.insert(end.samples.end(), samples.begin(), samples.end());
        forget(2 * kLongest);
        return audio::Flow::proceed;
    });
    if (!decoded) return forward(decoded);
    forget(kLongest);
    return end;
}

std::chrono::microseconds micros(double seconds) {
    return std::chrono::microseconds(std::llround(seconds * 1e6));
}

/// Where a window of the clip lies in it.
struct Place {
    double begin_seconds = 0;
    double left_seconds = 0;  ///< from the window's begin to the clip's end
};

struct Played {
    StationMatch match;
    float z = 0;
};

/// The matches of one window, as times at which the whole clip was played. Without those of stations that are gone.
std::vector<Played> played_of(const std::vector<Evidence>& evidence, const std::vector<MonitorRow>& stations,
                              const Place& place, Timestamp asked, double min_confidence) {
    std::vector<Played> found;
    for (const Evidence& one : evidence) {
        if (one.confidence < min_confidence) continue;
        const auto station = std::ranges::find_if(
            stations, [&](const MonitorRow& row) { return monitor::is_chunk_of(one.track, row.id); });
        if (station == stations.end()) continue;
        const auto begin = monitor::begin_of(one.track) + micros(one.match.offset_seconds());
        const double ratio = double(one.match.transform.time);
        const auto end = begin + micros(place.left_seconds * ratio);
        found.push_back({{*station, begin - micros(place.begin_seconds * ratio),
                          std::chrono::duration<double>(asked - end).count(), one.confidence},
                         one.match.z});
    }
    return found;
}

/// One match for each time at which a station played the clip, the best first.
std::vector<StationMatch> told(std::vector<Played> found, std::size_t max_results) {
    std::ranges::sort(found, std::greater(), &Played::z);
    std::vector<Played> kept;
    for (Played& one : found) {
        const bool again = std::ranges::any_of(kept, [&](const Played& other) {
            return other.match.station.id == one.match.station.id &&
                   std::abs(other.match.seconds_behind - one.match.seconds_behind) < kSameTimeSeconds;
        });
        if (!again && one.z >= kWorthTelling * found.front().z) kept.push_back(std::move(one));
    }
    const auto equal =
        std::ranges::find_if(kept, [&](const Played& one) { return one.z < kEquallyWell * kept.front().z; });
    std::sort(kept.begin(), equal,
              [](const Played& a, const Played& b) { return a.match.played_at > b.match.played_at; });
    std::vector<StationMatch> matches;
    for (Played& one : kept) {
        if (matches.size() == max_results) break;
        matches.push_back(std::move(one.match));
    }
    return matches;
}

Result<std::vector<StationMatch>> find_end(const StationParts& parts, const ClipEnd& end,
                                           const IdentifyRequest& request, Timestamp asked) {
    const auto stations = parts.monitors.list(request.deadline);
    if (!stations) return Unexpected(search_error(stations.error(), Reason::store_unavailable));
    const search::ExactLane lane(*parts.rolling, parts.computing);
    const std::span<const float> all = end.samples;
    for (std::size_t window_end = all.size(); window_end > 0;) {
        // What would be left is too short to be searched by itself.
        const std::size_t begin = window_end < 2 * kWindow ? 0 : window_end - kWindow;
        const auto window = all.subspan(begin, window_end - begin);
        auto evidence = lane.examine(window, {.min_confidence = request.min_confidence, .deadline = request.deadline});
        if (!evidence) return Unexpected(search_error(evidence.error(), Reason::store_unavailable));
        search::judge_among_copies(*evidence);
        const Place place{double(end.before + begin) / kSecond, double(all.size() - begin) / kSecond};
        auto found = played_of(*evidence, *stations, place, asked, request.min_confidence);
        if (!found.empty()) return told(std::move(found), request.max_results);
        window_end = begin;
    }
    return std::vector<StationMatch>();
}

}  // namespace

Result<StationMatches> find_stations(const StationParts& parts, const audio::Source& clip,
                                     const IdentifyRequest& request) {
    const auto begin = std::chrono::steady_clock::now();
    const auto asked = catalog::current_timestamp();
    const auto end = decode_end(parts.decoder, clip, request);
    if (!end) return forward(end);
    StationMatches answer;
    if (parts.rolling != nullptr) {
        auto matches = find_end(parts, *end, request, asked);
        if (!matches) return forward(matches);
        answer.matches = std::move(*matches);
    }
    answer.elapsed = std::chrono::steady_clock::now() - begin;
    return answer;
}

}  // namespace audio_ident::library
