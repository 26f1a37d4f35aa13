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

/// Adds and removes tracks. One writer at a time, across processes: a second one waits for the first one's transaction,
/// and fails when its deadline has passed by then. Every method can fail with not_available (disk full, read-only, store
/// gone), timeout, corrupt; a failed call has changed nothing.
class FingerprintIndexWriter {
  public:
    virtual ~FingerprintIndexWriter() = default;

    /// Adds all these tracks in one durable transaction; a track that is there already is replaced. Fails with
    /// invalid_input for a fingerprint of another version, or with peaks out of order or bounds.
    virtual Result<void> add(std::span<const TrackFingerprint> tracks, const Deadline& deadline) = 0;
    /// Removes all these tracks in one durable transaction; absent ones are fine. Returns how many were there.
    virtual Result<std::size_t> remove(std::span<const TrackId> ids, const Deadline& deadline) = 0;
    virtual Result<bool> contains(const TrackId& id, const Deadline& deadline) = 0;
    /// All tracks, order unspecified.
    virtual Result<std::vector<TrackId>> tracks(const Deadline& deadline) = 0;
    /// Reorganises for fast reading and gives space back, in steps; safe to interrupt at any instant. After a timeout
    /// the steps that were made count, and the next call goes on. Call after an ingest.
    virtual Result<void> compact(const Deadline& deadline) = 0;
    /// Empties the index.
    virtual Result<void> clear(const Deadline& deadline) = 0;
};

}  // namespace audio_ident::index
