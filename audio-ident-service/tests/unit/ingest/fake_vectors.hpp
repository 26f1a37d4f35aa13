#pragma once

#include <map>
#include <optional>
#include <utility>

#include "index/vector/writer.hpp"
#include "ingest/examine/track_embedding.hpp"

namespace audio_ident::ingest::test {

/// A vector store in memory, which a test can make unavailable.
class FakeVectors : public index::VectorIndexWriter {
  public:
    const index::VectorSpace& space() const override { return space_; }
    Result<void> add(std::span<const index::TrackVectors> tracks, const Deadline&) override {
        if (failure) return Unexpected(*failure);
        for (const auto& track : tracks) entries[track.id] = track;
        return {};
    }
    Result<void> remove(std::span<const TrackId> ids, const Deadline&) override {
        if (failure) return Unexpected(*failure);
        for (const TrackId& id : ids) entries.erase(id);
        return {};
    }
    Result<std::vector<TrackId>> tracks(const Deadline&) override {
        if (failure) return Unexpected(*failure);
        std::vector<TrackId> ids;
        for (const auto& entry : entries) ids.push_back(entry.first);
        return ids;
    }
    Result<void> clear(const Deadline&) override {
        entries.clear();
        return {};
    }

    std::map<TrackId, index::TrackVectors> entries;
    std::optional<Error> failure;

  private:
    index::VectorSpace space_{"fake@1", 2};
};

/// The vectors of the song with this number.
inline TrackEmbedding fake_embedding(float number) {
    return {.model = "fake",
            .dimension = 2,
            .vectors = {.id = {}, .start_seconds = {0, 5}, .values = {1, 0, 0, number}},
            .tags = std::vector<catalog::TagWeight>{{"jazz", 0.5}}};
}

}  // namespace audio_ident::ingest::test
