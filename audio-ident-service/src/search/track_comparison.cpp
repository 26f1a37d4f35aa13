#include "search/track_comparison.hpp"

#include <algorithm>
#include <cmath>

namespace audio_ident::search {

namespace {

constexpr double kMomentSeconds = 10;  // matching chunks that are farther apart are two moments
constexpr double kMomentBonus = 0.01;
constexpr int kMostBonuses = 3;
constexpr double kSameMusic = 0.97;
constexpr int kMostShift = 2;

std::span<const float> chunk(const index::TrackVectors& track, std::size_t i) {
    const std::size_t dimension = track.values.size() / track.start_seconds.size();
    return std::span(track.values).subspan(i * dimension, dimension);
}

/// The chunk that begins nearest to `seconds`. Starts are sorted.
std::size_t chunk_at(const index::TrackVectors& track, double seconds) {
    const auto& starts = track.start_seconds;
    const auto after = std::lower_bound(starts.begin(), starts.end(), static_cast<float>(seconds));
    if (after == starts.begin()) return 0;
    if (after == starts.end()) return starts.size() - 1;
    const auto before = after - 1;
    return static_cast<std::size_t>((seconds - *before <= *after - seconds ? before : after) - starts.begin());
}

/// cosines[window * chunks + chunk]
std::vector<double> all_cosines(const VibeQuery& query, const index::TrackVectors& track) {
    std::vector<double> cosines;
    cosines.reserve(query.count() * track.start_seconds.size());
    for (std::size_t w = 0; w < query.count(); ++w) {
        for (std::size_t c = 0; c < track.start_seconds.size(); ++c)
            cosines.push_back(dot(query.row(w), chunk(track, c)));
    }
    return cosines;
}

}  // namespace

void add_row(VibeQuery& query, std::span<const float> row, double weight, double start_seconds) {
    query.dimension = row.size();
    query.rows.insert(query.rows.end(), row.begin(), row.end());
    query.weights.push_back(weight);
    query.start_seconds.push_back(start_seconds - (query.start_seconds.empty() ? start_seconds : 0));
}

void normalise(VibeQuery& query) {
    double sum = 0;
    for (const double weight : query.weights) sum += weight;
    for (double& weight : query.weights) weight /= sum;
}

SoundAlike compare(const VibeQuery& query, const index::TrackVectors& track, const SimilarityScale& scale,
                   double min_similarity) {
    const std::size_t chunks = track.start_seconds.size();
    const auto cosines = all_cosines(query, track);
    Nearness near;
    for (std::size_t w = 0; w < query.count(); ++w) {
        const Nearness window = nearness(std::span(cosines).subspan(w * chunks, chunks));
        near.best += query.weights[w] * window.best;
        near.best_three += query.weights[w] * window.best_three;
    }

    SoundAlike found{.track = track.id};
    double best = -2;
    int moments = 0;
    double last_match = -kMomentSeconds;
    for (std::size_t c = 0; c < chunks; ++c) {
        double nearest = -1;  // highest cosine of any window with this chunk
        double placed = 0;    // mean cosine when the clip's first window is here
        for (std::size_t w = 0; w < query.count(); ++w) {
            nearest = std::max(nearest, cosines[w * chunks + c]);
            const std::size_t at = chunk_at(track, track.start_seconds[c] + query.start_seconds[w]);
            placed += query.weights[w] * cosines[w * chunks + at];
        }
        const double fit = query.sequence == Sequence::one_place ? placed : nearest;
        if (fit > best) {
            best = fit;
            found.best_moment_seconds = track.start_seconds[c];
        }
        if (scale.similarity(nearest) < min_similarity) continue;
        ++found.matched_chunks;
        if (track.start_seconds[c] >= last_match + kMomentSeconds) ++moments;
        last_match = track.start_seconds[c];
    }
    if (query.sequence == Sequence::one_place) near.best = best;  // with all windows in sequence
    const double bonus = kMomentBonus * std::clamp(moments - 1, 0, kMostBonuses);
    found.similarity = std::min(1.0, scale.similarity(near.score()) + bonus);
    return found;
}

std::vector<float> centroid(const index::TrackVectors& track) {
    std::vector<float> sum(track.values.size() / track.start_seconds.size());
    for (std::size_t c = 0; c < track.start_seconds.size(); ++c) {
        const auto row = chunk(track, c);
        for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += row[i];
    }
    const double length = std::sqrt(dot(sum, sum));
    for (float& value : sum) value = length > 0 ? static_cast<float>(value / length) : 0;
    return sum;
}

bool same_music(const index::TrackVectors& a, const index::TrackVectors& b) {
    const auto count_a = static_cast<int>(a.start_seconds.size());
    const auto count_b = static_cast<int>(b.start_seconds.size());
    if (std::abs(count_a - count_b) > kMostShift) return false;
    for (int shift = -kMostShift; shift <= kMostShift; ++shift) {
        double sum = 0;
        int common = 0;
        for (int i = std::max(0, -shift); i < std::min(count_a, count_b - shift); ++i, ++common)
            sum += dot(chunk(a, static_cast<std::size_t>(i)), chunk(b, static_cast<std::size_t>(i + shift)));
        if (common > 0 && 2 * common >= count_a && sum / common >= kSameMusic) return true;
    }
    return false;
}

}  // namespace audio_ident::search
