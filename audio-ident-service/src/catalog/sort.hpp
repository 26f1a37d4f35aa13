#pragma once

#include <boost/describe/enum.hpp>

namespace audio_ident::catalog {

/// The sort key of a list of tracks. Text is compared without case, and absent values come last. Ties on artist and
/// album are broken by title, all others by id.
enum class TrackSort { added, title, artist, album, duration };
BOOST_DESCRIBE_ENUM(TrackSort, added, title, artist, album, duration)

enum class SortOrder { asc, desc };
BOOST_DESCRIBE_ENUM(SortOrder, asc, desc)

/// The order when the caller states none: newest first for `added`, otherwise A to Z or shortest first.
constexpr SortOrder usual_order(TrackSort sort) {
    return sort == TrackSort::added ? SortOrder::desc : SortOrder::asc;
}

}  // namespace audio_ident::catalog
