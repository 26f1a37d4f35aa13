#pragma once

#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "index/fingerprint/lmdb_store.hpp"
#include "index/fingerprint/segment_merge.hpp"
#include "index/fingerprint/writer.hpp"
#include "index/lmdb/index_environment.hpp"

namespace audio_ident::index {

/// Writes the fingerprint index in an LMDB environment. Callers can write other data about the same tracks in the same
/// transaction.
class LmdbFingerprintWriter final : public FingerprintIndexWriter {
  public:
    /// Both outlive it.
    LmdbFingerprintWriter(const IndexEnvironment& environment, const Tables& tables)
        : environment_(environment), tables_(tables) {}

    Result<void> add(std::span<const TrackFingerprint> tracks, const Deadline& deadline) override;
    Result<std::size_t> remove(std::span<const TrackId> ids, const Deadline& deadline) override;
    Result<bool> contains(const TrackId& id, const Deadline& deadline) override;
    Result<std::optional<fingerprint::Fingerprint>> find(const TrackId& id, const Deadline& deadline) override;
    Result<std::vector<TrackId>> tracks(const Deadline& deadline) override;
    Result<std::vector<TrackId>> outdated(const Deadline& deadline) override;
    Result<void> compact(const Deadline& deadline) override;
    Result<void> clear(const Deadline& deadline) override;

    /// Writes other data in the same transaction, and returns whether it changed anything. Throws what LMDB throws.
    using Also = std::function<Result<IndexEnvironment::Outcome>(const lmdb::Transaction&)>;
    /// add() and remove() with other data. `also` runs after the fingerprints are written; when it fails, nothing is
    /// written.
    Result<void> add_with(std::span<const TrackFingerprint> tracks, const Also& also, const Deadline& deadline);
    Result<std::size_t> remove_with(std::span<const TrackId> ids, const Also& also, const Deadline& deadline);

  private:
    using Outcome = IndexEnvironment::Outcome;
    using Body = std::function<Result<Outcome>(const lmdb::Transaction&, MetaRecord&)>;

    Result<void> write(const Deadline& deadline, const Body& body);
    bool erase(const lmdb::Transaction& transaction, const TrackId& id);
    Result<void> merge(MergeEffort effort, const Deadline& deadline);

    const IndexEnvironment& environment_;
    const Tables& tables_;
};

}  // namespace audio_ident::index
