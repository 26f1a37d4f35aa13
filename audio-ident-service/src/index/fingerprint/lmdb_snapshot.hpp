#pragma once

#include <cstddef>
#include <memory>

#include "index/fingerprint/stored_snapshot.hpp"
#include "index/lmdb/lmdb_maps.hpp"

namespace audio_ident::index {

/// A state whose shards lie in the map: the bytes are the same for every transaction of this state.
struct LmdbState final : SnapshotState {
    std::size_t transaction = 0;  ///< the id of the transaction whose state this is

    static std::shared_ptr<const LmdbState> load(const lmdb::Environment& environment,
                                                 const lmdb::Transaction& transaction, const Tables& tables);
};

class LmdbSnapshot final : public StoredSnapshot {
  public:
    /// `environment` and `tables` outlive it.
    LmdbSnapshot(const IndexEnvironment& environment, std::unique_ptr<lmdb::Transaction> transaction,
                 const Tables& tables, std::shared_ptr<const LmdbState> state);

  protected:
    const SnapshotState& with_shards() const override { return *state(); }
    bool is_there(TrackNumber track) const override;
    std::optional<TrackId> id_of(TrackNumber track) const override;
    void read_peaks(TrackNumber track, std::uint32_t first, std::uint32_t end, const SeeBlock& see) const override;
    Error failure() const override;

  private:
    const IndexEnvironment& environment_;
    std::unique_ptr<lmdb::Transaction> transaction_;
    const Tables& tables_;
};

}  // namespace audio_ident::index
