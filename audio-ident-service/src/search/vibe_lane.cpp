#include "search/vibe_lane.hpp"

#include <algorithm>
#include <map>

#include "search/track_comparison.hpp"

namespace audio_ident::search {

namespace {

constexpr std::size_t kMostWindows = 12;  // a clip with more is sampled
constexpr double kQuietestDb = 40;        // windows this far below the loudest are left out
constexpr double kLeastWeight = 0.1;
constexpr std::size_t kFewestChunks = 200;  // nearest chunks for each window, at least
constexpr std::size_t kChunksAResult = 20;
constexpr std::size_t kFewestCandidates = 30;  // tracks that are compared as a whole, at least
constexpr std::size_t kCandidatesAResult = 3;
constexpr double kRelevance = 0.7;  // weight of relevance in maximal marginal relevance; the rest is novelty

/// `count` numbers from [0, of), evenly spread.
std::vector<std::size_t> evenly(std::size_t of, std::size_t count) {
    std::vector<std::size_t> chosen;
    for (std::size_t i = 0; i < std::min(of, count); ++i) chosen.push_back(of <= count ? i : i * of / count);
    return chosen;
}

VibeQuery query_of(std::span<const embedding::Chunk> clip) {
    VibeQuery query;
    if (clip.empty()) return query;
    double loudest = clip.front().level_db;
    for (const auto& window : clip) loudest = std::max(loudest, window.level_db);
    std::vector<const embedding::Chunk*> heard;
    for (const auto& window : clip) {
        if (window.level_db > loudest - kQuietestDb) heard.push_back(&window);
    }
    for (const std::size_t i : evenly(heard.size(), kMostWindows)) {
        const double weight = std::max(kLeastWeight, 1 + (heard[i]->level_db - loudest) / kQuietestDb);
        add_row(query, heard[i]->vector, weight, heard[i]->start_seconds);
    }
    normalise(query);
    return query;
}

struct Candidate {
    SoundAlike found;
    index::TrackVectors vectors;
    std::vector<float> centroid;
};

/// The tracks of the chunks that were found, those with the best chunks first.
std::vector<TrackId> candidate_ids(const VibeQuery& query, const std::vector<std::vector<index::VectorHit>>& hits,
                                   std::size_t count) {
    std::map<TrackId, double> scores;
    for (std::size_t w = 0; w < hits.size(); ++w) {
        if (hits[w].empty()) continue;
        const double floor = hits[w].back().cosine;  // a track without a hit has at most this cosine
        std::map<TrackId, std::vector<double>> best;
        for (const auto& hit : hits[w]) {
            auto& cosines = best[hit.track];
            if (cosines.size() < 3) cosines.push_back(hit.cosine);
        }
        for (const auto& [id, cosines] : best) {
            double sum = 0;
            for (std::size_t i = 0; i < 3; ++i) sum += (i < cosines.size() ? cosines[i] : floor) - floor;
            scores[id] += query.weights[w] * sum;
        }
    }
    std::vector<std::pair<double, TrackId>> ranked;
    for (const auto& [id, score] : scores) ranked.emplace_back(-score, id);
    std::sort(ranked.begin(), ranked.end());
    std::vector<TrackId> ids;
    for (std::size_t i = 0; i < std::min(count, ranked.size()); ++i) ids.push_back(ranked[i].second);
    return ids;
}

/// Keeps one of several tracks that are the same music, the nearest, and none that is the same music as `asked`.
/// `candidates` are sorted.
void fold(std::vector<Candidate>& candidates, const index::TrackVectors* asked) {
    std::vector<Candidate> kept;
    for (Candidate& candidate : candidates) {
        const bool known = (asked && same_music(*asked, candidate.vectors)) ||
                           std::any_of(kept.begin(), kept.end(), [&](const Candidate& other) {
                               return same_music(other.vectors, candidate.vectors);
                           });
        if (!known) kept.push_back(std::move(candidate));
    }
    candidates = std::move(kept);
}

std::vector<SoundAlike> most_similar(std::vector<Candidate> candidates, const VibeOptions& options) {
    std::vector<SoundAlike> chosen;
    for (std::size_t i = 0; i < std::min(options.max_results, candidates.size()); ++i)
        chosen.push_back(candidates[i].found);
    return chosen;
}

std::vector<SoundAlike> most_diverse(std::vector<Candidate> candidates, const SimilarityScale& scale,
                                     const VibeOptions& options) {
    std::vector<SoundAlike> chosen;
    std::vector<std::vector<float>> their_centroids;
    for (Candidate& candidate : candidates) candidate.centroid = centroid(candidate.vectors);
    while (chosen.size() < options.max_results && !candidates.empty()) {
        std::size_t best = 0;
        double best_value = -2;
        for (std::size_t i = 0; i < candidates.size(); ++i) {
            double known = 0;
            for (const auto& other : their_centroids)
                known = std::max(known, scale.similarity(dot(other, candidates[i].centroid)));
            const double value = kRelevance * candidates[i].found.similarity - (1 - kRelevance) * known;
            if (value > best_value) {
                best_value = value;
                best = i;
            }
        }
        chosen.push_back(candidates[best].found);
        their_centroids.push_back(std::move(candidates[best].centroid));
        candidates.erase(candidates.begin() + static_cast<std::ptrdiff_t>(best));
    }
    return chosen;
}

/// `asked`: the track that the query is from, which is left out; null when the query is from no track of the library.
Result<std::vector<SoundAlike>> rank(index::VectorIndexReader& reader, const VibeQuery& query,
                                     const SimilarityScale& scale, const index::TrackVectors* asked,
                                     const VibeOptions& options) {
    if (query.count() == 0) return std::vector<SoundAlike>();
    const std::size_t chunks = std::max(kFewestChunks, kChunksAResult * options.max_results);
    const auto without = asked ? std::span(&asked->id, 1) : std::span<const TrackId>();
    const auto hits = reader.nearest(query.rows, chunks, without, options.deadline);
    if (!hits) return forward(hits);
    const auto ids = candidate_ids(query, *hits, std::max(kFewestCandidates, kCandidatesAResult * options.max_results));
    auto tracks = reader.vectors(ids, options.deadline);
    if (!tracks) return forward(tracks);

    std::vector<Candidate> candidates;
    for (auto& track : *tracks) {
        if (track.start_seconds.empty()) continue;  // removed in the meantime
        const SoundAlike found = compare(query, track, scale, options.min_similarity);
        if (found.similarity >= options.min_similarity) candidates.push_back({found, std::move(track), {}});
    }
    std::sort(candidates.begin(), candidates.end(), [](const Candidate& a, const Candidate& b) {
        return std::tie(b.found.similarity, a.found.track) < std::tie(a.found.similarity, b.found.track);
    });
    fold(candidates, asked);
    return options.order == Order::nearest ? most_similar(std::move(candidates), options)
                                           : most_diverse(std::move(candidates), scale, options);
}

}  // namespace

Result<std::vector<SoundAlike>> VibeLane::search(std::span<const embedding::Chunk> clip,
                                                 const VibeOptions& options) const {
    return rank(reader_, query_of(clip), scale_, nullptr, options);
}

Result<std::optional<std::vector<SoundAlike>>> VibeLane::similar(const TrackId& id, std::optional<double> at_seconds,
                                                                 const VibeOptions& options) const {
    constexpr double kPieceSeconds = 10;
    using Answer = std::optional<std::vector<SoundAlike>>;
    const auto stored = reader_.vectors({&id, 1}, options.deadline);
    if (!stored) return forward(stored);
    const index::TrackVectors& track = stored->front();
    const std::size_t count = track.start_seconds.size();
    if (count == 0) return Answer();

    VibeQuery query;
    std::vector<std::size_t> chosen;
    if (at_seconds) {
        // The last chunk that begins before the moment, and those of the ten seconds after it.
        for (std::size_t i = 0; i < count && track.start_seconds[i] < *at_seconds + kPieceSeconds; ++i) {
            if (track.start_seconds[i] <= *at_seconds) chosen.clear();
            chosen.push_back(i);
        }
    } else {
        chosen = evenly(count, kMostWindows);
        query.sequence = Sequence::anywhere;
    }
    const std::size_t dimension = track.values.size() / count;
    for (const std::size_t i : chosen)
        add_row(query, std::span(track.values).subspan(i * dimension, dimension), 1, track.start_seconds[i]);
    normalise(query);
    auto ranked = rank(reader_, query, scale_, &track, options);
    if (!ranked) return forward(ranked);
    return Answer(std::move(*ranked));
}

Result<std::vector<SoundAlike>> VibeLane::search_text(std::span<const float> text, const SimilarityScale& scale,
                                                      const VibeOptions& options) const {
    VibeQuery query;
    query.sequence = Sequence::anywhere;
    add_row(query, text, 1, 0);
    return rank(reader_, query, scale, nullptr, options);
}

}  // namespace audio_ident::search
