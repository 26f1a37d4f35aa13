#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <cstdint>
#include <span>

#include "core/track_id.hpp"

namespace audio_ident::index {

/// The points of our Qdrant collections, as JSON. A point is a chunk; its payload has the track's id, the chunk's
/// number in the track and where the chunk starts.

/// The id of a chunk's point: the track's id with the chunk's number mixed in. Two chunks can share it only if the
/// random ids of their tracks differ in no other bits.
TrackId point_id(const TrackId& track, std::uint32_t chunk);

/// The track of a point that Qdrant returned. Throws when it names none.
TrackId track_of(const boost::json::value& point);

/// Filters: the chunks of these tracks, all chunks but those, the first chunk of each track, and the chunks of one
/// track from a number on.
boost::json::object of_tracks(std::span<const TrackId> ids);
boost::json::object not_of_tracks(std::span<const TrackId> ids);
boost::json::object first_chunks();
boost::json::object chunks_from(const TrackId& track, std::size_t first);

}  // namespace audio_ident::index
