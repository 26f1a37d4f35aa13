#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "catalog/catalog.hpp"
#include "core/result.hpp"
#include "core/track_id.hpp"
#include "ingest/examine/chromaprint_sketch.hpp"
#include "ingest/examine/music_comparison.hpp"

namespace audio_ident::ingest {

inline constexpr double kDuplicateSimilarity = 0.85;
inline constexpr double kDuplicateDurationTolerance = 0.1;  ///< as a part of the longer duration

/// Finds the tracks that may hold the same music as a new one, by Chromaprint, which covers the first two minutes.
/// Keeps 160 bytes a track, and loads them from the catalog only for the durations that it needs. Reads and compares
/// whole fingerprints only for the few tracks whose sketches agree. For one thread.
class DuplicateCandidates {
  public:
    /// Returns the Chromaprint of a track that is in the catalog or will be; absent when the track is gone.
    using TextOf = std::function<Result<std::optional<std::string>>(const TrackId& id)>;

    DuplicateCandidates(catalog::Catalog& catalog, MusicComparison functions, std::chrono::seconds store_timeout);

    /// Returns the tracks, other than `self`, with at least kDuplicateSimilarity, the most similar first.
    Result<std::vector<TrackId>> find(const TrackId& self, const std::string& text, double duration_seconds,
                                      const TextOf& text_of);
    /// Adds a track that the catalog will hold.
    Result<void> add(const TrackId& id, const std::string& text, double duration_seconds);

  private:
    struct Entry {
        TrackId id;
        double duration_seconds = 0;
        ChromaprintSketch sketch;
    };
    using Bucket = std::vector<Entry>;

    Result<Bucket*> bucket(int number);

    catalog::Catalog& catalog_;
    MusicComparison functions_;
    std::chrono::seconds store_timeout_;
    std::map<int, Bucket> buckets_;
};

}  // namespace audio_ident::ingest
