#pragma once

#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "index/both_lanes/both_lanes_writer.hpp"
#include "index/fingerprint/forwarding_writer.hpp"
#include "index/fingerprint/map_writer.hpp"
#include "index/vector/lmdb_vector_index.hpp"
#include "index/vector/lmdb_vectors.hpp"

namespace audio_ident::index {

/// The writers of LmdbIndex. Each changes both lanes in one transaction.

/// Writes fingerprints. Removing a track also removes its vectors from all spaces.
class LmdbRemovingWriter final : public ForwardingWriter {
  public:
    /// Both outlive it. `vectors`: absent in an index that was opened for reading and has none.
    LmdbRemovingWriter(MapFingerprintWriter& fingerprints, const std::optional<VectorTables>& vectors)
        : ForwardingWriter(fingerprints), fingerprints_(fingerprints), vectors_(vectors) {}

    Result<std::size_t> remove(std::span<const TrackId> ids, const Deadline& deadline) override;

  private:
    MapFingerprintWriter& fingerprints_;
    const std::optional<VectorTables>& vectors_;
};

/// Adds tracks with their vectors. Replacing a track removes its vectors from all other spaces.
class LmdbBothLanesWriter final : public BothLanesWriter {
  public:
    /// The first two outlive it.
    LmdbBothLanesWriter(MapFingerprintWriter& fingerprints, const std::optional<VectorTables>& tables,
                        std::unique_ptr<LmdbVectorIndex> vectors)
        : fingerprints_(fingerprints), tables_(tables), vectors_(std::move(vectors)) {}

    const VectorSpace& space() const override { return vectors_->writer().space(); }
    Result<Stored> add(std::span<const TrackFingerprint> fingerprints, std::span<const TrackVectors> vectors,
                       const Deadline& deadline) override;

  private:
    MapFingerprintWriter& fingerprints_;
    const std::optional<VectorTables>& tables_;
    std::unique_ptr<LmdbVectorIndex> vectors_;
};

}  // namespace audio_ident::index
