#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "core/deadline.hpp"
#include "core/result.hpp"
#include "core/track_id.hpp"
#include "fingerprint/fingerprint.hpp"

namespace audio_ident::index {

struct TrackFingerprint {
    TrackId id;
    fingerprint::Fingerprint fingerprint;
};

/// Adds and removes tracks. Only one writer works at a time, across processes: a second one waits for the transaction
/// of the first, and fails when its deadline passes first. Every method can fail with not_available (disk full,
/// read-only, store gone), timeout, corrupt. A failed call changes nothing.
class FingerprintIndexWriter {
  public:
    virtual ~FingerprintIndexWriter() = default;

    /// Adds all these tracks in one durable transaction, and replaces those that are there already. Fails with
    /// invalid_input when a fingerprint has another version, or peaks out of order or bounds.
    virtual Result<void> add(std::span<const TrackFingerprint> tracks, const Deadline& deadline) = 0;
    /// Removes all these tracks in one durable transaction; some or all may be absent. Returns how many were there.
    virtual Result<std::size_t> remove(std::span<const TrackId> ids, const Deadline& deadline) = 0;
    virtual Result<bool> contains(const TrackId& id, const Deadline& deadline) = 0;
    /// Returns a track's fingerprint, without strengths; absent when the track is not there. One of an earlier version
    /// has the lowest version that it may have.
    virtual Result<std::optional<fingerprint::Fingerprint>> find(const TrackId& id, const Deadline& deadline) = 0;
    /// Returns all tracks, in no particular order.
    virtual Result<std::vector<TrackId>> tracks(const Deadline& deadline) = 0;
    /// Returns the tracks with fingerprints of an earlier version, oldest first. Searches find them as well as before;
    /// add() brings them up to date.
    virtual Result<std::vector<TrackId>> outdated(const Deadline& deadline) = 0;
    /// Reorganises the index for fast reading and frees space, in steps; safe to interrupt at any instant. After a
    /// timeout the finished steps stay done, and the next call continues. Call it after an ingest.
    virtual Result<void> compact(const Deadline& deadline) = 0;
    /// Empties the index.
    virtual Result<void> clear(const Deadline& deadline) = 0;
};

}  // namespace audio_ident::index
