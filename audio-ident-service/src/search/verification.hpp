#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "fingerprint/clip.hpp"
#include "index/fingerprint/reader.hpp"
#include "search/voting.hpp"

namespace audio_ident::search {

/// A stretch of the clip, in seconds from its first sample.
struct Span {
    double begin = 0;
    double end = 0;

    bool operator==(const Span&) const = default;
};

/// A candidate measured against the stored peaks of its track.
struct Alignment {
    std::size_t segment = 0;
    index::Location track;
    fingerprint::Transform transform;
    float votes = 0;
    double offset_frames = 0;  ///< where in the track the clip's first sample lies
    float z = 0;               ///< Σ map values under the track's peaks, in standard deviations of independent values
    std::uint32_t peaks = 0;   ///< of the track that lie under the clip

    // Set by Verifier::judge().
    float sharpness = 0;        ///< z at the offset less its mean at others nearby, in their standard deviations
    float pitch_sharpness = 0;  ///< the same for other pitches
    std::uint32_t hits = 0;     ///< peaks where the map is clearly high
    float coherence = 0;        ///< share of the half seconds under the clip that agree by themselves, 0-1
    float balance = 0;          ///< z of the weakest of four quarters (earlier or later, lower or higher) / z
    float explained = 0;        ///< share of the clip's strongest peaks that the track has too, 0-1
    std::vector<Span> spans;    ///< of the clip, where it agrees with the track

    double offset_seconds() const { return offset_frames / fingerprint::kFramesPerSecond; }
};

/// Measures how well a clip fits a place in a track: the clip's contrast map, read at the track's peaks, is high where
/// the track was and near zero on average elsewhere (docs/fingerprint.md). For one thread.
class Verifier {
  public:
    /// Both outlive the verifier.
    Verifier(const index::FingerprintSnapshot& snapshot, const fingerprint::Clip& clip)
        : snapshot_(snapshot),
          clip_(clip),
          rows_per_frame_(double(clip.phases())),
          end_row_(static_cast<int>(clip.rows())),
          strongest_(strongest_peaks(clip)) {}

    /// The candidate's track, or tracks where the clip spans a border, each at its best offset within ±3 frames. Empty when the
    /// place lies in no track (any more).
    std::vector<Alignment> align(const Candidate& candidate, const fingerprint::Transform& transform);
    /// Climbs to the time and pitch ratio and the offset that fit best near the alignment's. Ratios as good as 1 become 1.
    void refine(Alignment& alignment);
    /// Tries time ratios up to a fifth away, turned about several places of the clip: a plain pass finds a clip at another
    /// tempo by a part of it. Refines what fits clearly better.
    void retime(Alignment& alignment);
    /// Fills the features that only the best few are worth.
    void judge(Alignment& alignment);
    /// Where only a part of the clip agrees, finds ratios and offset again by that part alone: the rest, which is something
    /// else, pulls them towards chance. For a match that is claimed; its other figures stay.
    void settle(Alignment& alignment);
    /// Whether `lesser` fits worse than `better`, and mostly where both tracks have the same peaks: another version of it.
    bool is_shadow(const Alignment& lesser, const Alignment& better);

  private:
    static std::vector<fingerprint::ClipPeak> strongest_peaks(const fingerprint::Clip& clip);

    static constexpr int kReachRows = 6;  // offsets that align() tries to either side
    static constexpr std::size_t kOffsets = 2 * kReachRows + 1;

    struct Score {
        float z = 0;
        std::uint32_t peaks = 0;
    };
    // Maps the loaded peaks to rows and bins of the clip's map for this offset and transform.
    void project(double offset_frames, const fingerprint::Transform& transform);
    Score score(float shift_rows) const;
    // Scores with the clip shifted by -kReachRows … kReachRows rows.
    std::array<Score, kOffsets> scores_around() const;
    void load(const index::Location& track, double offset_frames, double margin_frames, double time);

    void climb(Alignment& alignment, bool ratios);
    // Share of the clip's strongest peaks that lie on one of the loaded peaks.
    float explained_share(double offset_frames, const fingerprint::Transform& transform) const;
    // Moves the offset to the top of a parabola through z at three rows.
    void place_between_rows(Alignment& alignment);

    // Where a track's peak falls on the clip's map.
    struct Target {
        float row;
        std::uint16_t bin;
    };

    const index::FingerprintSnapshot& snapshot_;
    const fingerprint::Clip& clip_;
    double rows_per_frame_;
    int first_row_ = 0;  // of the clip's rows that are compared
    int end_row_;
    std::vector<fingerprint::ClipPeak> strongest_;  ///< as many as a reference would keep, by frame
    std::vector<fingerprint::Peak> peaks_;
    std::vector<Target> targets_;
};

}  // namespace audio_ident::search
