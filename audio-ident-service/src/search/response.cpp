#include "search/response.hpp"

#include "catalog/timestamp_text.hpp"

namespace audio_ident::search {

TrackInfo track_info(const catalog::Track& track) {
    return {track.id.to_string(),   track.title,
            track.artist,           track.album,
            track.duration_seconds, catalog::timestamp_to_text(track.ingested_at)};
}

}  // namespace audio_ident::search
