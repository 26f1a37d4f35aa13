#pragma once

#include <cstdint>
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

/// Adds and removes tracks. One writer at a time, across processes: a second one waits until its deadline.
/// Every method can fail with not_available (locked, disk full, read-only, store gone), timeout, corrupt; a failed call
/// has changed nothing.
class FingerprintIndexWriter {
  public:
    virtual ~FingerprintIndexWriter() = default;

    /// Adds all these tracks in one durable transaction; a track that is there already is replaced.
    virtual Result<void> add(std::span<const TrackFingerprint> tracks, const Deadline& deadline) = 0;
    /// Removes all these tracks in one durable transaction; absent ones are fine. Returns how many were there.
    virtual Result<std::size_t> remove(std::span<const TrackId> ids, const Deadline& deadline) = 0;
    virtual Result<bool> contains(const TrackId& id, const Deadline& deadline) = 0;
    /// All tracks, order unspecified.
    virtual Result<std::vector<TrackId>> tracks(const Deadline& deadline) = 0;
    /// Reorganises for fast reading and gives space back, in steps; safe to interrupt at any instant. Call after an
    /// ingest.
    virtual Result<void> compact(const Deadline& deadline) = 0;
    /// Empties the index.
    virtual Result<void> clear(const Deadline& deadline) = 0;
};

}  // namespace audio_ident::index
