#pragma once

#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "index/fingerprint/records.hpp"
#include "index/fingerprint/segment_merge.hpp"
#include "index/fingerprint/writer.hpp"
#include "index/store/maps.hpp"

namespace audio_ident::index {

/// Writes the fingerprint index in a store of maps. Callers can write other data about the same tracks in the same
/// transaction.
class MapFingerprintWriter final : public FingerprintIndexWriter {
  public:
    /// `store` outlives it.
    explicit MapFingerprintWriter(MapStore& store) : store_(store) {}

    Result<void> add(std::span<const TrackFingerprint> tracks, const Deadline& deadline) override;
    Result<std::size_t> remove(std::span<const TrackId> ids, const Deadline& deadline) override;
    Result<bool> contains(const TrackId& id, const Deadline& deadline) override;
    Result<std::optional<fingerprint::Fingerprint>> find(const TrackId& id, const Deadline& deadline) override;
    Result<std::vector<TrackId>> tracks(const Deadline& deadline) override;
    Result<std::vector<TrackId>> outdated(const Deadline& deadline) override;
    Result<void> compact(const Deadline& deadline) override;
    Result<void> clear(const Deadline& deadline) override;

    /// Writes other data in the same transaction, and returns whether it changed anything. May throw what the store
    /// throws.
    using Also = std::function<Result<Outcome>(MapTransaction&)>;
    /// add() and remove() with other data. `also` runs after the fingerprints are written; when it fails, nothing is
    /// written.
    Result<void> add_with(std::span<const TrackFingerprint> tracks, const Also& also, const Deadline& deadline);
    Result<std::size_t> remove_with(std::span<const TrackId> ids, const Also& also, const Deadline& deadline);

  private:
    using Body = std::function<Result<Outcome>(MapTransaction&, MetaRecord&)>;

    Result<void> write(WritingTurn& turn, const Deadline& deadline, const Body& body);
    Result<void> merge(WritingTurn& turn, MergeEffort effort, const Deadline& deadline);

    MapStore& store_;
};

}  // namespace audio_ident::index
