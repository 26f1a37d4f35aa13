#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "fingerprint/clip.hpp"
#include "index/fingerprint/reader.hpp"

namespace audio_ident::search {

/// Rows [first, end) of a clip's contrast map.
struct RowRange {
    int first = 0;
    int end = 0;
};

/// A clip and the tracks of an index, as the stages of the verification (placed, refined, judged) need them. Immutable.
/// The snapshot and the clip must outlive it.
class Comparison {
  public:
    Comparison(const index::FingerprintSnapshot& snapshot, const fingerprint::Clip& clip);

    const fingerprint::Clip& clip() const { return clip_; }
    /// Rows of the clip's map for each frame of a track.
    double rows_per_frame() const { return double(clip_.phases()); }
    double rows() const { return double(clip_.rows()); }
    RowRange all_rows() const { return {0, static_cast<int>(clip_.rows())}; }
    /// The clip's strongest peaks, sorted by frame: as many for each second as a track keeps in the index.
    std::span<const fingerprint::ClipPeak> strongest() const { return strongest_; }

    /// The track at a position of a segment's timeline; nullopt where no track is, or is no longer.
    std::optional<index::Location> locate(std::size_t segment, std::uint32_t position) const {
        return snapshot_.locate(segment, position);
    }
    /// The track's peaks under the clip and within `margin_frames` of it, sorted by frame. The clip's first sample lies
    /// `offset_frames` after the track's first sample, and a second of the clip corresponds to `time` seconds of the
    /// track.
    std::vector<fingerprint::Peak> peaks_under(const index::Location& track, double offset_frames, double margin_frames,
                                               double time) const;

  private:
    const index::FingerprintSnapshot& snapshot_;
    const fingerprint::Clip& clip_;
    std::vector<fingerprint::ClipPeak> strongest_;
};

}  // namespace audio_ident::search
