#pragma once

#include <algorithm>
#include <map>

#include "index/vector/reader.hpp"
#include "search/similarity.hpp"

namespace audio_ident::test {

/// Vectors in memory, compared exactly.
class FakeVectorIndex final : public index::VectorIndexReader {
  public:
    void add(index::TrackVectors track) { tracks_[track.id] = std::move(track); }
    void remove(const TrackId& id) { tracks_.erase(id); }
    /// Makes every following call fail with this error.
    void fail_with(Error error) { error_ = std::move(error); }

    Result<std::vector<std::vector<index::VectorHit>>> nearest(std::span<const float> queries, std::size_t count,
                                                               std::span<const TrackId> without,
                                                               const Deadline&) override {
        if (error_) return Unexpected(*error_);
        std::vector<std::vector<index::VectorHit>> answer;
        if (tracks_.empty()) return answer;
        const auto& any = tracks_.begin()->second;
        const std::size_t dimension = any.values.size() / any.start_seconds.size();
        for (std::size_t q = 0; q < queries.size(); q += dimension) {
            auto& hits = answer.emplace_back();
            for (const auto& [id, track] : tracks_) {
                if (std::find(without.begin(), without.end(), id) != without.end()) continue;
                for (std::size_t i = 0; i < track.start_seconds.size(); ++i) {
                    const auto row = std::span(track.values).subspan(i * dimension, dimension);
                    hits.push_back({id, track.start_seconds[i], search::dot(queries.subspan(q, dimension), row)});
                }
            }
            std::stable_sort(hits.begin(), hits.end(),
                             [](const auto& a, const auto& b) { return a.cosine > b.cosine; });
            if (hits.size() > count) hits.resize(count);
        }
        return answer;
    }
    Result<std::vector<index::TrackVectors>> vectors(std::span<const TrackId> ids, const Deadline&) override {
        if (error_) return Unexpected(*error_);
        std::vector<index::TrackVectors> found;
        for (const TrackId& id : ids) {
            const auto at = tracks_.find(id);
            found.push_back(at == tracks_.end() ? index::TrackVectors{.id = id, .start_seconds = {}, .values = {}}
                                                : at->second);
        }
        return found;
    }
    Result<index::VectorStats> stats(const Deadline&) override {
        if (error_) return Unexpected(*error_);
        return index::VectorStats{.tracks = tracks_.size()};
    }

  private:
    std::map<TrackId, index::TrackVectors> tracks_;
    std::optional<Error> error_;
};

}  // namespace audio_ident::test
