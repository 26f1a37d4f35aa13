#pragma once

#include <cmath>
#include <gtest/gtest.h>
#include <memory>
#include <optional>
#include <vector>

#include "fingerprint/extractor.hpp"
#include "index/both_lanes/lmdb_index.hpp"
#include "search/exact_lane.hpp"
#include "support/executor.hpp"
#include "support/fingerprints.hpp"
#include "support/synth.hpp"
#include "support/temp_folder.hpp"

namespace audio_ident::test {

inline constexpr int kRate = fingerprint::kSampleRateHz;

/// Synthesised tracks and their fingerprints in an index.
class Library {
  public:
    explicit Library(std::vector<Clip> tracks) : tracks_(std::move(tracks)) {
        auto opened = index::LmdbIndex::open(folder_.path(), lmdb::Access::read_write, executor());
        if (!opened) throw std::runtime_error(opened.error().message);
        index_ = std::move(*opened);
        std::vector<index::TrackFingerprint> fingerprints;
        for (std::uint32_t i = 0; i < tracks_.size(); ++i) {
            fingerprint::Extractor extractor;
            extractor.consume(tracks_[i].samples);
            fingerprints.push_back({id(i), extractor.finish()});
        }
        if (auto added = index_->writer().add(fingerprints, Deadline()); !added) {
            throw std::runtime_error(added.error().message);
        }
    }
    Library(std::uint32_t count, double seconds) : Library(songs(count, seconds)) {}

    TrackId id(std::uint32_t i) const { return numbered_id(i); }
    const Clip& track(std::uint32_t i) const { return tracks_.at(i); }
    index::LmdbIndex& index() { return *index_; }

  private:
    static std::vector<Clip> songs(std::uint32_t count, double seconds) {
        std::vector<Clip> songs;
        for (std::uint32_t i = 0; i < count; ++i) {
            // Add a faint background, which every recording has.
            songs.push_back(mix_at_snr(music(1000 + i, seconds, kRate), noise(1000 + i, 5, kRate), 45));
        }
        return songs;
    }

    TempFolder folder_;
    std::unique_ptr<index::LmdbIndex> index_;
    std::vector<Clip> tracks_;
};

/// `clip` played `ratio` times as fast, which also raises its pitch. Windowed-sinc interpolation.
inline Clip faster(const Clip& clip, double ratio) {
    constexpr int kReach = 16;
    Clip result = clip;
    result.samples.resize(static_cast<std::size_t>(double(clip.samples.size()) / ratio));
    const double band = std::min(1.0, 1 / ratio);
    for (std::size_t i = 0; i < result.samples.size(); ++i) {
        const double at = double(i) * ratio;
        const auto middle = static_cast<std::ptrdiff_t>(at);
        double sum = 0;
        for (std::ptrdiff_t k = middle - kReach + 1; k <= middle + kReach; ++k) {
            if (k < 0 || k >= static_cast<std::ptrdiff_t>(clip.samples.size())) continue;
            const double x = M_PI * (at - double(k));
            const double sinc = std::abs(x) < 1e-9 ? band : std::sin(band * x) / x;
            sum += double(clip.samples[static_cast<std::size_t>(k)]) * sinc * (0.5 + 0.5 * std::cos(x / kReach));
        }
        result.samples[i] = static_cast<float>(sum);
    }
    return result;
}

/// A lane over a library that all tests of a suite share, because making it is costly.
class LaneTest : public testing::Test {
  protected:
    static void SetUpTestSuite() { library_ = std::make_unique<Library>(12, 40); }
    static void TearDownTestSuite() { library_.reset(); }

    std::vector<search::RecordingMatch> search(const Clip& clip, const search::ExactOptions& options = {}) {
        const auto found = lane_.search(clip.samples, options);
        if (!found) throw std::runtime_error(found.error().message);
        return *found;
    }
    /// The best match is track `number` with the clip's first sample at `offset`.
    void expect_found(const Clip& clip, std::uint32_t number, double offset, double min_confidence = 0.9) {
        const auto found = search(clip);
        ASSERT_FALSE(found.empty()) << "track " << number << " at " << offset;
        EXPECT_EQ(found[0].track, library_->id(number));
        EXPECT_NEAR(found[0].offset_seconds, offset, 0.02) << "track " << number;
        EXPECT_GE(found[0].confidence, min_confidence) << "track " << number << " at " << offset;
        EXPECT_LE(found[0].confidence, 1.0);
        EXPECT_NEAR(found[0].time_ratio, 1.0, 0.005);
        EXPECT_NEAR(found[0].pitch_ratio, 1.0, 0.005);
        EXPECT_GT(found[0].aligned_hashes, 0U);
    }

    static inline std::unique_ptr<Library> library_;
    search::ExactLane lane_{library_->index().reader(), executor()};
};

}  // namespace audio_ident::test
