#include "index/vector/qdrant_points.hpp"

#include <boost/json/array.hpp>
#include <string>
#include <string_view>
#include <utility>

#include "index/vector/qdrant_answer.hpp"

namespace audio_ident::index {

using boost::json::array;
using boost::json::object;
using boost::json::value;

namespace {

/// Makes an array; braces could mean a copy as well.
array list(object first) {
    array items;
    items.push_back(std::move(first));
    return items;
}

object match(std::string_view key, value what) {
    return object{{"key", key}, {"match", object{{"value", std::move(what)}}}};
}

object match_any(std::span<const TrackId> ids) {
    array texts;
    for (const TrackId& id : ids) texts.emplace_back(id.to_string());
    return object{{"key", "track_id"}, {"match", object{{"any", std::move(texts)}}}};
}

}  // namespace

TrackId point_id(const TrackId& track, std::uint32_t chunk) {
    TrackId::Bytes bytes = track.bytes();
    const std::uint64_t mixed = (chunk + 1) * 0x9E3779B97F4A7C15ULL;
    for (std::size_t i = 0; i < 8; ++i) bytes[8 + i] ^= static_cast<std::uint8_t>(mixed >> (8 * i));
    return TrackId(bytes);
}

TrackId track_of(const value& point) {
    const auto id = TrackId::parse(text(member(member(point, "payload"), "track_id")));
    if (!id) throw Corrupt("a point names no track");
    return *id;
}

object of_tracks(std::span<const TrackId> ids) {
    return object{{"must", list(match_any(ids))}};
}

object not_of_tracks(std::span<const TrackId> ids) {
    return object{{"must_not", list(match_any(ids))}};
}

object first_chunks() {
    return object{{"must", list(match("chunk", value(0)))}};
}

object chunks_from(const TrackId& track, std::size_t first) {
    array both = list(match("track_id", value(track.to_string())));
    both.push_back(object{{"key", "chunk"}, {"range", object{{"gte", first}}}});
    return object{{"must", std::move(both)}};
}

}  // namespace audio_ident::index
