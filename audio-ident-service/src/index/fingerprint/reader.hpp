#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "core/deadline.hpp"
#include "core/result.hpp"
#include "core/track_id.hpp"
#include "fingerprint/fingerprint.hpp"
#include "fingerprint/landmark.hpp"

namespace audio_ident::index {

using fingerprint::Key;

/// A look-up: the postings with a key in [first, last], for a landmark at `frame` of the clip.
struct Lookup {
    Key first = 0;
    Key last = 0;
    std::int32_t frame = 0;

    auto operator<=>(const Lookup&) const = default;
};

/// A segment of the index: some tracks that lie end to end on one timeline.
struct SegmentInfo {
    std::uint32_t frames = 0;  ///< length of the timeline
    std::uint64_t postings = 0;
};

/// Where a position on a segment's timeline lies.
struct Location {
    std::uint32_t track = 0;   ///< number of the track, for FingerprintSnapshot::track_id() and peaks()
    std::uint32_t begin = 0;   ///< position of the track's first frame
    std::uint32_t frames = 0;  ///< length of the track
    bool outdated = false;     ///< its fingerprint is of an earlier version
};

/// Peaks of a track: those with frames in [first, end).
struct PeakRange {
    std::uint32_t track = 0;
    std::uint32_t first = 0;
    std::uint32_t end = 0;
};

struct IndexStats {
    std::uint64_t tracks = 0;
    std::uint64_t outdated = 0;  ///< of them, with fingerprints of an earlier version
    std::uint64_t postings = 0;
    std::uint64_t frames = 0;  ///< of all tracks that can be found
    std::uint64_t segments = 0;
    std::uint64_t bytes = 0;  ///< on disk
};

/// The index at one instant; later writes do not show. Keep it for the length of a search. Several threads may call
/// segments(), find(), count_bound(), stats() and status() at once; everything else is for one thread at a time.
/// No method throws: where a record cannot be read, a method gives what it has, or nothing, and status() says so. Ask
/// it before trusting an answer.
class FingerprintSnapshot {
  public:
    virtual ~FingerprintSnapshot() = default;

    virtual std::span<const SegmentInfo> segments() const = 0;
    /// Appends position - frame + `bias` to `offsets` for each posting that the look-ups find. `lookups` are sorted by
    /// `first`.
    virtual void find(std::size_t segment, std::span<const Lookup> lookups, std::int32_t bias,
                      std::vector<std::uint32_t>& offsets) const = 0;
    /// Returns an upper bound of how many values find() would append for this look-up. Costs a cache miss.
    virtual std::uint64_t count_bound(std::size_t segment, const Lookup& lookup) const = 0;
    /// Returns the track at a position; nullopt beyond the end of the timeline and where a track was removed.
    virtual std::optional<Location> locate(std::size_t segment, std::uint32_t position) const = 0;
    /// The id of a track that locate() has named; a nil id where it cannot be read.
    virtual TrackId track_id(std::uint32_t track) const = 0;
    /// Appends the track's peaks with frames in [first, end), sorted by frame, without strengths.
    virtual void peaks(std::uint32_t track, std::uint32_t first, std::uint32_t end,
                       std::vector<fingerprint::Peak>& peaks) const = 0;
    /// Whether records are read one by one from far away, so that it pays to announce them.
    virtual bool is_far() const { return false; }
    /// Announces calls of peaks(), so that a store that is far reads all these records at once. For one thread at a
    /// time.
    virtual void expect_peaks(std::span<const PeakRange>) const {}
    virtual const IndexStats& stats() const = 0;
    /// What the first method that failed met: corrupt, not_available or internal.
    virtual Result<void> status() const = 0;
};

/// Looks landmarks up. Thread-safe.
class FingerprintIndexReader {
  public:
    virtual ~FingerprintIndexReader() = default;

    /// Returns the index as any process committed it last. Fails with not_available, corrupt, unsupported (a version
    /// that this program does not read).
    virtual Result<std::unique_ptr<FingerprintSnapshot>> snapshot(const Deadline& deadline) = 0;
};

}  // namespace audio_ident::index
