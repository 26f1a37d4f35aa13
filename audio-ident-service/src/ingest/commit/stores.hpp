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
#include "storage/audio_store.hpp"

namespace audio_ident::ingest {

/// The stores that hold the parts of a track. Owns nothing.
struct Stores {
    catalog::Catalog& catalog;
    index::FingerprintIndexWriter& fingerprints;
    std::chrono::seconds timeout{60};             ///< for each call
    std::optional<WaveformStore> waveforms = {};  ///< none: waveforms are made when somebody asks for them
    /// The vectors of new tracks; null: only the exact lane. Both belong to one vector space.
    index::BothLanesWriter* lanes = nullptr;
    index::VectorIndexWriter* vectors = nullptr;
    /// Removes the vectors of tracks, of every model, from a vector store that is separate from the fingerprint index.
    /// Empty when removing the fingerprints also removes the vectors.
    std::function<Result<void>(std::span<const TrackId>, const Deadline&)> forget_vectors = {};
    /// Where uploads are; null: all files are where the catalog says.
    storage::AudioStore* audio = nullptr;

    Deadline deadline() const { return Deadline::after(timeout); }
};

}  // namespace audio_ident::ingest
