#include "search/similarity.hpp"

#include <algorithm>
#include <array>
#include <boost/json/parse.hpp>
#include <boost/json/value_to.hpp>
#include <cmath>
#include <functional>

#include "util/json.hpp"
#include "util/multiversion.hpp"

namespace audio_ident::search {

namespace {

constexpr double kStep = 0.01;  // least distance between anchors, so that the lines rise
/// The scale of text in CLAP's space, for libraries that are too small to measure it.
constexpr SimilarityScale kTextScale{.typical = 0.05, .near = 0.3, .very_near = 0.45};

double quantile(std::vector<double>& values, double share) {
    const auto at = static_cast<std::ptrdiff_t>(share * double(values.size() - 1));
    std::nth_element(values.begin(), values.begin() + at, values.end());
    return values[static_cast<std::size_t>(at)];
}

SimilarityScale scale_of(std::vector<double> scores, std::uint64_t tracks) {
    SimilarityScale scale;
    scale.tracks = tracks;
    scale.typical = std::min(quantile(scores, 0.5), 1 - 3 * kStep);
    scale.near = std::clamp(quantile(scores, 0.95), scale.typical + kStep, 1 - 2 * kStep);
    scale.very_near = std::clamp(quantile(scores, 0.995), scale.near + kStep, 1 - kStep);
    return scale;
}

// Eight sums side by side fit into one register, and add in the same order on every machine.
AUDIO_IDENT_MULTIVERSION
float product(const float* a, const float* b, std::size_t count) {
    std::array<float, 8> sums{};
    std::size_t i = 0;
    for (; i + 8 <= count; i += 8) {
        for (std::size_t k = 0; k < 8; ++k) sums[k] += a[i + k] * b[i + k];
    }
    float sum = 0;
    for (; i < count; ++i) sum += a[i] * b[i];
    for (const float part : sums) sum += part;
    return sum;
}

}  // namespace

SimilarityScale usual_scale(const embedding::Model& model) {
    const auto [typical, near, very_near] = model.usual_cosines;
    return {.typical = typical, .near = near, .very_near = very_near, .tracks = 0};
}

double SimilarityScale::similarity(double cosine) const {
    const std::array<std::pair<double, double>, 5> line = {
        {{typical - (near - typical), 0}, {typical, 0.3}, {near, 0.6}, {very_near, 0.8}, {1, 1}}};
    if (cosine <= line.front().first) return 0;
    for (std::size_t i = 1; i < line.size(); ++i) {
        const auto [x0, y0] = line[i - 1];
        const auto [x1, y1] = line[i];
        if (cosine < x1) return y0 + (y1 - y0) * (cosine - x0) / (x1 - x0);
    }
    return 1;
}

double dot(std::span<const float> a, std::span<const float> b) {
    return product(a.data(), b.data(), std::min(a.size(), b.size()));
}

Nearness nearness(std::span<const double> cosines) {
    std::array<double, 3> best{};
    const auto end = std::partial_sort_copy(cosines.begin(), cosines.end(), best.begin(), best.end(), std::greater<>());
    const auto used = static_cast<double>(end - best.begin());
    return used == 0 ? Nearness() : Nearness{best[0], (best[0] + best[1] + best[2]) / used};
}

double nearness_score(std::span<const float> query, const index::TrackVectors& track) {
    std::vector<double> cosines;
    for (std::size_t i = 0; i < track.start_seconds.size(); ++i)
        cosines.push_back(dot(query, std::span(track.values).subspan(i * query.size(), query.size())));
    return nearness(cosines).score();
}

std::optional<SimilarityScale> measure_scale(std::span<const index::TrackVectors> sample,
                                             std::uint64_t library_tracks) {
    std::vector<const index::TrackVectors*> tracks;
    for (const auto& track : sample) {
        if (!track.start_seconds.empty()) tracks.push_back(&track);
    }
    if (tracks.size() < kFewestForScale) return std::nullopt;
    std::vector<double> scores;
    for (const auto* track : tracks) {
        const std::size_t dimension = track->values.size() / track->start_seconds.size();
        const auto piece = std::span(track->values).subspan(track->start_seconds.size() / 2 * dimension, dimension);
        for (const auto* other : tracks) {
            if (other != track) scores.push_back(nearness_score(piece, *other));
        }
    }
    return scale_of(std::move(scores), library_tracks);
}

SimilarityScale measure_scale(std::span<const index::TrackVectors> sample, std::span<const float> query) {
    std::vector<double> scores;
    for (const auto& track : sample) {
        if (!track.start_seconds.empty()) scores.push_back(nearness_score(query, track));
    }
    if (scores.size() < kFewestForScale) return kTextScale;
    const std::uint64_t tracks = scores.size();
    return scale_of(std::move(scores), tracks);
}

std::optional<SimilarityScale> read_scale(catalog::DocumentStore& documents, const std::string& space,
                                          const Deadline& deadline) {
    const auto text = documents.find(kSimilarityDocument, deadline);
    if (!text || !*text) return std::nullopt;
    try {
        const auto value = boost::json::parse(**text);
        if (value.at("space").as_string() != space) return std::nullopt;
        const SimilarityScale scale{value.at("typical").to_number<double>(), value.at("near").to_number<double>(),
                                    value.at("very_near").to_number<double>(),
                                    value.at("tracks").to_number<std::uint64_t>()};
        const bool rises = scale.typical < scale.near && scale.near < scale.very_near && scale.very_near < 1;
        return rises ? std::optional(scale) : std::nullopt;
    } catch (const std::exception&) {
        return std::nullopt;
    }
}

Result<void> write_scale(catalog::DocumentStore& documents, const std::string& space, const SimilarityScale& scale,
                         const Deadline& deadline) {
    const auto text = util::json_text({{"space", space},
                                       {"typical", scale.typical},
                                       {"near", scale.near},
                                       {"very_near", scale.very_near},
                                       {"tracks", scale.tracks}});
    return documents.put({kSimilarityDocument, text + '\n'}, catalog::Worth::unique, deadline);
}

}  // namespace audio_ident::search
