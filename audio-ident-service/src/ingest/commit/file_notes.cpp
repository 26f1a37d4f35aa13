#include "ingest/commit/file_notes.hpp"

#include <fmt/format.h>

namespace audio_ident::ingest {

std::string damage_text(const catalog::Track& track) {
    std::string text;
    if (track.stated_seconds) {
        text = fmt::format("ends after {:.1f} of {:.1f} s", track.duration_seconds, *track.stated_seconds);
    }
    if (track.damaged_frames > 0) {
        text += fmt::format("{}{} frame{} damaged", text.empty() ? "" : ", ", track.damaged_frames,
                            track.damaged_frames == 1 ? "" : "s");
    }
    return text;
}

std::vector<FileNote> notes_on(const catalog::Track& track) {
    std::vector<FileNote> notes;
    if (auto damage = damage_text(track); !damage.empty()) {
        notes.push_back({track.file_path, FileNote::About::damage, std::move(damage)});
    }
    if (track.audio_stream && track.audio_streams.value_or(1) > 1) {
        notes.push_back({track.file_path, FileNote::About::streams,
                         fmt::format("has {} audio streams; stream {} is indexed, --stream chooses another",
                                     *track.audio_streams, *track.audio_stream)});
    }
    return notes;
}

}  // namespace audio_ident::ingest
