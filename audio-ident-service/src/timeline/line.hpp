#pragma once

#include <cstdint>
#include <limits>
#include <vector>

#include "core/track_id.hpp"
#include "fingerprint/clip.hpp"
#include "index/fingerprint/reader.hpp"
#include "timeline/cells.hpp"

namespace audio_ident::timeline {

/// Where in the track a moment of the recording lies, and how it is played there.
struct Node {
    double at_seconds = 0;     ///< in the recording
    double place_seconds = 0;  ///< in the track
    fingerprint::Transform transform;
};

/// A hypothesis: this track is heard along this line of recording time × track time, at this speed and pitch, which may
/// drift; and the evidence for it, cell by cell.
class Line {
  public:
    Line(const TrackId& id, const index::Location& track, const Node& node) : id_(id), track_(track), nodes_{node} {}

    const TrackId& id() const { return id_; }
    const index::Location& track() const { return track_; }
    double track_seconds() const { return double(track_.frames) / fingerprint::kFramesPerSecond; }

    /// By time.
    const std::vector<Node>& nodes() const { return nodes_; }
    /// Keeps nodes by time; one at the same moment is replaced.
    void add(const Node& node);
    /// Between two nodes the line is straight; beyond them it goes on as it was there.
    Node at(double seconds) const;
    /// When in the recording the line reaches this place of the track.
    double time_of(double place_seconds) const;

    /// The cells in which the track may be heard along this line: at an edit it goes on along another line.
    const CellRange& limits() const { return limits_; }
    void begin_no_earlier(Cell cell);
    void end_no_later(Cell cell);

    /// How clearly the recording has what the track has, in standard deviations; 0: cannot be told.
    CellSeries evidence;
    /// The best probability that one window gave by itself, 0-1.
    double window_confidence = 0;
    float votes = 0;           ///< landmarks that agreed on it in a window, most
    int agreeing_windows = 0;  ///< that speak for it
    Cell last_agreeing = 0;    ///< the last cell with evidence so far

  private:
    TrackId id_;
    index::Location track_;
    std::vector<Node> nodes_;
    CellRange limits_{std::numeric_limits<Cell>::min(), std::numeric_limits<Cell>::max()};
};

/// What the evidence is on average where the track is not heard: on a line that was searched for there, and so lies
/// where it fits best, or on one that goes on beyond the part where the track is heard.
inline constexpr float kEvidenceByChance = 1.25F;
inline constexpr float kEvidenceBeyond = 0.4F;

/// The logarithm of how much likelier this evidence is when the track is heard than when it is not.
float weight_of(float evidence, float otherwise = kEvidenceByChance);

/// The greatest sum of weights over consecutive cells, and where it lies.
struct Stretch {
    CellRange cells;
    float weight = 0;
};
Stretch strongest_stretch(const CellSeries& evidence, CellRange within);
inline Stretch strongest_stretch(const CellSeries& evidence) {
    return strongest_stretch(evidence, {evidence.begin(), evidence.end()});
}

}  // namespace audio_ident::timeline
