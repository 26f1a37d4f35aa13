#pragma once

#include <boost/describe/enum.hpp>

namespace audio_ident::catalog {

/// What a list of tracks is sorted by. Texts without regard to case, what is absent last; ties of artist and album by
/// title, all others by id.
enum class TrackSort { added, title, artist, album, duration };
BOOST_DESCRIBE_ENUM(TrackSort, added, title, artist, album, duration)

enum class SortOrder { asc, desc };
BOOST_DESCRIBE_ENUM(SortOrder, asc, desc)

/// Newest first; all else from A to Z, or the shortest first.
constexpr SortOrder usual_order(TrackSort sort) {
    return sort == TrackSort::added ? SortOrder::desc : SortOrder::asc;
}

}  // namespace audio_ident::catalog
