#include "search/similarity.hpp"

#include <fstream>
#include <gtest/gtest.h>

#include "catalog/file_documents.hpp"
#include "support/temp_folder.hpp"
#include "support/vectors.hpp"

namespace audio_ident::search {
namespace {

TEST(Similarity, RisesFromZeroToOneThroughItsAnchors) {
    const SimilarityScale scale{.typical = 0.3, .near = 0.55, .very_near = 0.7};
    EXPECT_EQ(scale.similarity(-1), 0);
    EXPECT_NEAR(scale.similarity(0.3), 0.3, 1e-9);
    EXPECT_NEAR(scale.similarity(0.55), 0.6, 1e-9);
    EXPECT_NEAR(scale.similarity(0.7), 0.8, 1e-9);
    EXPECT_EQ(scale.similarity(1), 1);
    double before = 0;
    for (double cosine = -1; cosine <= 1; cosine += 0.01) {
        EXPECT_GE(scale.similarity(cosine), before);
        before = scale.similarity(cosine);
    }
}

std::vector<index::TrackVectors> library(std::size_t tracks, double spread) {
    // All tracks share a direction, as all music does in a model's space; `spread` is the rest.
    const auto common = test::random_unit(1, 32);
    std::vector<index::TrackVectors> sample;
    for (std::uint32_t i = 0; i < tracks; ++i) {
        auto track = test::random_vectors(100 + i, 12, 32);
        for (std::size_t row = 0; row < track.values.size(); row += 32) {
            double squares = 0;
            for (std::size_t k = 0; k < 32; ++k) {
                track.values[row + k] = static_cast<float>(common[k] + spread * track.values[row + k]);
                squares += double(track.values[row + k]) * track.values[row + k];
            }
            for (std::size_t k = 0; k < 32; ++k)
                track.values[row + k] = static_cast<float>(track.values[row + k] / std::sqrt(squares));
        }
        sample.push_back(std::move(track));
    }
    return sample;
}

TEST(Similarity, MeansTheSameWhereverAModelsVectorsLie) {
    // One of two models puts all music close together. In both, 0.60 means that one track in twenty is as near.
    for (const double spread : {0.3, 3.0}) {
        const auto tracks = library(120, spread);
        const auto scale = measure_scale(tracks, tracks.size()).value();
        EXPECT_EQ(scale.tracks, 120U);
        int similar = 0;
        int pairs = 0;
        for (const auto& track : tracks) {
            const auto piece = std::span(track.values).first(32);
            for (const auto& other : tracks) {
                if (track.id == other.id) continue;
                ++pairs;
                similar += scale.similarity(nearness_score(piece, other)) >= 0.6 ? 1 : 0;
            }
        }
        EXPECT_NEAR(double(similar) / pairs, 0.05, 0.015) << "spread " << spread;
    }
}

TEST(Similarity, ASmallLibraryTellsNothing) {
    EXPECT_EQ(measure_scale(library(kFewestForScale - 1, 1), 5000), std::nullopt);
    embedding::Model model;
    model.usual_cosines = {0.1, 0.4, 0.7};
    EXPECT_NEAR(usual_scale(model).similarity(0.4), 0.6, 1e-9) << "so the model's own word counts";
}

TEST(Similarity, TextIsMeasuredByItself) {
    const auto tracks = library(100, 3);
    const auto text = test::random_unit(5, 32);
    const auto scale = measure_scale(tracks, text);
    int similar = 0;
    for (const auto& track : tracks) similar += scale.similarity(nearness_score(text, track)) >= 0.6 ? 1 : 0;
    EXPECT_GE(similar, 3);
    EXPECT_LE(similar, 8);
}

TEST(Similarity, IsKeptForTheSpaceItWasMeasuredIn) {
    const test::TempFolder folder;
    const auto file = folder.path() / "similarity.json";
    catalog::FileDocuments documents(folder.path());
    EXPECT_EQ(read_scale(documents, "model@1", {}), std::nullopt);
    const SimilarityScale scale{.typical = 0.1, .near = 0.2, .very_near = 0.4, .tracks = 77};
    ASSERT_TRUE(write_scale(documents, "model@1", scale, {}));
    EXPECT_EQ(read_scale(documents, "model@1", {}), scale);
    EXPECT_EQ(read_scale(documents, "model@2", {}), std::nullopt);
    std::ofstream(file) << R"({"space":"model@1","typical":0.5,"near":0.2,"very_near":0.4,"tracks":7})";
    EXPECT_EQ(read_scale(documents, "model@1", {}), std::nullopt);
    std::ofstream(file) << "{";
    EXPECT_EQ(read_scale(documents, "model@1", {}), std::nullopt);
}

}  // namespace
}  // namespace audio_ident::search
