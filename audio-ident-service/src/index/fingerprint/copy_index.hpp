#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "core/deadline.hpp"
#include "core/result.hpp"
#include "index/store/maps.hpp"

namespace audio_ident::index {

/// Copies a fingerprint index from one store of maps to another, so that both hold the same bytes. Call begin(), copy()
/// and finish(), in this order. From begin() to finish() the target's state record says that it is not whole, and no
/// program opens it (kUnfinishedCopy), also when the copy is interrupted; then another copy begins again.
class IndexCopy {
  public:
    static constexpr std::size_t kBatchBytes = std::size_t{16} << 20;

    struct Copied {
        std::uint64_t tracks = 0;
        std::uint64_t records = 0;
        std::uint64_t bytes = 0;  ///< of keys and values
    };

    /// Both outlive it. Nobody else may write to the target, and only one may be copied to it at a time. A transaction
    /// of the target gets little more than `batch_bytes`.
    IndexCopy(MapStore& from, MapStore& to, std::size_t batch_bytes = kBatchBytes)
        : from_(from), to_(to), batch_bytes_(batch_bytes) {}

    /// False when the source has no index. Fails with unsupported when this program does not read it.
    Result<bool> has_source(const Deadline& deadline);
    /// Fails with invalid_input when the target has tracks, unsupported when this program does not read it. What an
    /// interrupted copy left is as good as nothing.
    Result<void> check_target(const Deadline& deadline);

    /// Empties the target and marks it.
    Result<void> begin(const Deadline& deadline);
    /// Copies all but the state record, as it was at one instant. Calls `progress` after each transaction.
    Result<Copied> copy(const std::function<void(const Copied&)>& progress, const Deadline& deadline);
    /// Copies the state record; now the target is whole.
    Result<void> finish(const Deadline& deadline);

  private:
    struct Batch;

    Result<void> copy_map(const MapView& maps, Map map, Batch& batch, const Deadline& deadline);
    Result<void> write(Batch& batch, const Deadline& deadline);

    MapStore& from_;
    MapStore& to_;
    std::size_t batch_bytes_;
    std::unique_ptr<WritingTurn> turn_;
    std::vector<std::byte> state_;  ///< the state record that the target gets
};

}  // namespace audio_ident::index
