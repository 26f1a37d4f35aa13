#include "audio/worker_message.hpp"

#include <algorithm>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value_from.hpp>
#include <charconv>
#include <cmath>
#include <limits>
#include <stdexcept>

#include "audio/tags.hpp"
#include "util/utf8.hpp"

namespace audio_ident::audio {
namespace {

namespace json = boost::json;

constexpr std::size_t kMaxFormatCharacters = 20;
constexpr std::size_t kMaxErrorCharacters = 10'000;  ///< longer than any path in a message

template <typename T>
json::value optional_value(const std::optional<T>& value) {
    return value ? json::value_from(*value) : json::value(nullptr);
}

/// Writes a double as text, because JSON numbers may lose the last bit.
json::value exact(std::optional<double> number) {
    if (!number) return nullptr;
    char digits[32];
    const auto end = std::to_chars(digits, digits + sizeof digits, *number).ptr;
    return json::value(std::string_view(digits, static_cast<std::size_t>(end - digits)));
}

std::optional<double> number_or_none(const json::value& value) {
    if (value.is_null()) return std::nullopt;
    const std::string_view text = value.as_string();
    double number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size()) throw std::out_of_range("not a number");
    return number;
}

std::optional<double> seconds_or_none(const json::value& value) {
    const auto seconds = number_or_none(value);
    if (seconds && (!std::isfinite(*seconds) || *seconds < 0)) throw std::out_of_range("not a duration");
    return seconds;
}

std::int64_t number_from(const json::value& value, std::int64_t low, std::int64_t high) {
    const auto number = value.to_number<std::int64_t>();
    if (number < low || number > high) throw std::out_of_range("a number out of its range");
    return number;
}

int int_from(const json::value& value) {
    return static_cast<int>(number_from(value, 0, std::numeric_limits<int>::max()));
}

std::optional<std::string> tag_from(const json::value& value) {
    if (value.is_null()) return std::nullopt;
    return clean_tag(std::string_view(value.as_string()));
}

std::string one_line(std::string_view text, std::size_t max_characters) {
    std::string line(util::first_code_points(text, max_characters));
    for (char& c : line) {
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = ' ';
    }
    return line;
}

}  // namespace

std::string to_message(const WorkerRequest& request) {
    return json::serialize(json::object{{"probe_only", request.probe_only},
                                        {"name", request.name},
                                        {"size_bytes", request.size_bytes},
                                        {"sample_rate_hz", request.sample_rate_hz},
                                        {"channels", static_cast<int>(request.channels)},
                                        {"stream", optional_value(request.stream)},
                                        {"max_seconds", exact(request.max_seconds)},
                                        {"max_claimed_seconds", exact(request.max_claimed_seconds)},
                                        {"begin_seconds", request.begin_seconds},
                                        {"fill_gaps", request.fill_gaps},
                                        {"timeout_ms", optional_value(request.timeout_ms)},
                                        {"tag_encoding", request.tag_encoding}});
}

WorkerRequest request_from(std::string_view message) {
    const json::value value = json::parse({message.data(), message.size()});
    const json::object& object = value.as_object();
    WorkerRequest request;
    request.probe_only = object.at("probe_only").as_bool();
    request.name = object.at("name").as_string();
    request.size_bytes = object.at("size_bytes").to_number<std::int64_t>();
    request.sample_rate_hz = object.at("sample_rate_hz").to_number<int>();
    request.channels = static_cast<Channels>(number_from(object.at("channels"), 1, 2));
    if (!object.at("stream").is_null()) request.stream = int_from(object.at("stream"));
    request.max_seconds = number_or_none(object.at("max_seconds"));
    request.max_claimed_seconds = number_or_none(object.at("max_claimed_seconds"));
    if (const auto* begin = object.if_contains("begin_seconds")) request.begin_seconds = begin->to_number<double>();
    if (const auto* fill = object.if_contains("fill_gaps")) request.fill_gaps = fill->as_bool();
    if (!object.at("timeout_ms").is_null()) request.timeout_ms = object.at("timeout_ms").to_number<std::int64_t>();
    if (const auto* encoding = object.if_contains("tag_encoding")) request.tag_encoding = encoding->as_string();
    return request;
}

std::string to_message(const Result<DecodeSummary>& result) {
    if (!result) {
        return json::serialize(json::object{{"kind", static_cast<int>(result.error().kind)},
                                            {"error", one_line(result.error().message, kMaxErrorCharacters)}});
    }
    const StreamInfo& info = result->info;
    return json::serialize(json::object{{"format", info.format},
                                        {"sample_rate_hz", info.sample_rate_hz},
                                        {"channels", info.channels},
                                        {"bitrate_bps", optional_value(info.bitrate_bps)},
                                        {"claimed_seconds", exact(info.duration_seconds)},
                                        {"audio_streams", info.audio_streams},
                                        {"chosen_stream", info.chosen_stream},
                                        {"title", optional_value(info.tags.title)},
                                        {"artist", optional_value(info.tags.artist)},
                                        {"album", optional_value(info.tags.album)},
                                        {"duration_seconds", exact(result->duration_seconds)},
                                        {"damaged_frames", result->damaged_frames},
                                        {"stated_seconds", exact(result->stated_seconds)},
                                        {"stopped_early", result->stopped_early}});
}

Result<DecodeSummary> result_from(std::string_view message) {
    const json::value value = json::parse({message.data(), message.size()});
    const json::object& object = value.as_object();
    if (const json::value* kind = object.if_contains("kind")) {
        const auto known = static_cast<ErrorKind>(number_from(*kind, 0, static_cast<int>(ErrorKind::internal)));
        return Unexpected(
            Error{known, one_line(std::string_view(object.at("error").as_string()), kMaxErrorCharacters), {}});
    }
    DecodeSummary summary;
    summary.info.format = one_line(std::string_view(object.at("format").as_string()), kMaxFormatCharacters);
    summary.info.sample_rate_hz = int_from(object.at("sample_rate_hz"));
    summary.info.channels = int_from(object.at("channels"));
    summary.info.audio_streams = int_from(object.at("audio_streams"));
    summary.info.chosen_stream = int_from(object.at("chosen_stream"));
    if (!object.at("bitrate_bps").is_null()) summary.info.bitrate_bps = int_from(object.at("bitrate_bps"));
    summary.info.duration_seconds = seconds_or_none(object.at("claimed_seconds"));
    summary.info.tags = {tag_from(object.at("title")), tag_from(object.at("artist")), tag_from(object.at("album"))};
    summary.duration_seconds = seconds_or_none(object.at("duration_seconds")).value();
    summary.damaged_frames = number_from(object.at("damaged_frames"), 0, std::numeric_limits<std::int64_t>::max());
    summary.stated_seconds = seconds_or_none(object.at("stated_seconds"));
    summary.stopped_early = object.at("stopped_early").as_bool();
    return summary;
}

}  // namespace audio_ident::audio
