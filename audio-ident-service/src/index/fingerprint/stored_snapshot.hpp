#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "index/fingerprint/reader.hpp"
#include "index/fingerprint/snapshot_state.hpp"

namespace audio_ident::index {

/// A snapshot whatever the store. A derived class reads the records.
class StoredSnapshot : public FingerprintSnapshot {
  public:
    std::span<const SegmentInfo> segments() const override { return state_->infos; }
    void find(std::size_t segment, std::span<const Lookup> lookups, std::int32_t bias,
              std::vector<std::uint32_t>& offsets) const override;
    std::uint64_t count_bound(std::size_t segment, const Lookup& lookup) const override;
    std::optional<Location> locate(std::size_t segment, std::uint32_t position) const override;
    TrackId track_id(std::uint32_t track) const override;
    void peaks(std::uint32_t track, std::uint32_t first, std::uint32_t end,
               std::vector<fingerprint::Peak>& peaks) const override;
    const IndexStats& stats() const override { return state_->stats; }
    Result<void> status() const override;

  protected:
    explicit StoredSnapshot(std::shared_ptr<const SnapshotState> state) : state_(std::move(state)) {}

    const std::shared_ptr<const SnapshotState>& state() const { return state_; }

    using SeeBlock = std::function<void(std::uint32_t block, Bytes)>;

    // What the store does. These may throw what it throws, and Corrupt; failure() makes an Error of that.

    /// The state with the shards of all its segments. Called by several threads at once.
    virtual const SnapshotState& with_shards() const = 0;
    virtual bool is_there(TrackNumber track) const = 0;
    /// nullopt where the id is missing.
    virtual std::optional<TrackId> id_of(TrackNumber track) const = 0;
    /// The track's blocks of peaks in [first, end), in order.
    virtual void read_peaks(TrackNumber track, std::uint32_t first, std::uint32_t end, const SeeBlock& see) const = 0;
    /// To be called in a handler.
    virtual Error failure() const = 0;
    /// To be called in a handler. status() tells the first failure.
    void keep_failure() const;

  private:
    const std::shared_ptr<const SnapshotState> state_;
    mutable std::mutex failing_;
    mutable Result<void> status_;  ///< guarded by failing_
};

}  // namespace audio_ident::index
