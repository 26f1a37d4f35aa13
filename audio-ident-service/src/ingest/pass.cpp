#include "ingest/pass.hpp"

#include "ingest/commit/row_file.hpp"
#include "ingest/scan/file_status.hpp"
#include "util/path_text.hpp"

namespace audio_ident::ingest {

PassTrack find_pass_track(const Stores& stores, const TrackId& id, const Deadline& deadline) {
    PassTrack track;
    auto row = stores.catalog.find(id, stores.deadline());
    if (!row) {
        track.obstacle = StoreFailure{row.error()};
        return track;
    }
    if (!*row) {
        track.obstacle = Abandoned{};  // somebody removed it since the pass began
        return track;
    }
    track.row = std::move(**row);
    track.path = util::path_from_text(track.row.file_path).value_or(track.row.file_path);
    if (stores.audio) {
        auto here = stores.audio->open(track.path, deadline);
        if (here) {
            track.path = std::move(*here);
        } else if (here.error().reason == Reason::store_unavailable) {
            track.obstacle = StoreFailure{here.error()};
            return track;
        }
    }
    const auto status = file_status(track.path);
    if (deadline.expired()) {
        track.obstacle = Abandoned{};
    } else if (status && !*status) {
        track.obstacle = MissingFile{};
    } else if (!still_holds(track.row, stores.audio, deadline)) {
        track.obstacle = FileFailure{{ErrorKind::invalid_input,
                                      "the file has changed since it was ingested; run `audio-ident ingest` on it",
                                      {}}};
    }
    return track;
}

}  // namespace audio_ident::ingest
