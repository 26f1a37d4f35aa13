#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <span>

#include "catalog/catalog.hpp"
#include "core/result.hpp"
#include "index/both_lanes/both_lanes_writer.hpp"
#include "index/fingerprint/writer.hpp"
#include "index/vector/writer.hpp"
#include "ingest/commit/waveform_store.hpp"

namespace audio_ident::ingest {

/// The stores that hold the parts of a track. Owns nothing.
struct Stores {
    catalog::Catalog& catalog;
    index::FingerprintIndexWriter& fingerprints;
    std::chrono::seconds timeout{60};             ///< for each call
    std::optional<WaveformStore> waveforms = {};  ///< none: waveforms are made when somebody asks for them
    /// For tracks that get vectors; null: the exact lane alone. Both belong to one vector space.
    index::BothLanesWriter* lanes = nullptr;
    index::VectorIndexWriter* vectors = nullptr;
    /// Removes tracks, whatever their model, from a vector store that knows nothing of the fingerprint index; none:
    /// their vectors go with their fingerprints.
    std::function<Result<void>(std::span<const TrackId>, const Deadline&)> forget_vectors = {};

    Deadline deadline() const { return Deadline::after(timeout); }
};

}  // namespace audio_ident::ingest
