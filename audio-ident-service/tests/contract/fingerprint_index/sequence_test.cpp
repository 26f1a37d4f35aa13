#include <thread>

#include "backends.hpp"

namespace audio_ident::test {
namespace {

class FingerprintIndexSequence : public FingerprintIndexTest {};
INSTANTIATE_TEST_SUITE_P(All, FingerprintIndexSequence, testing::ValuesIn(all_backends()),
                         testing::PrintToStringParamName());

TEST_P(FingerprintIndexSequence, HoldsAfterAnyOperations) {
    for (const std::uint64_t seed : {1U, 2U}) {
        test_index_ = GetParam().create();
        model_.clear();
        open();
        Random random(seed);
        for (std::uint64_t step = 0; step < 60; ++step) {
            const int dice = random.below(100);
            const auto number = [&] { return static_cast<std::uint32_t>(random.below(25)); };
            if (dice < 60) {
                std::vector<index::TrackFingerprint> tracks;
                for (int n = random.below(4); n >= 0; --n) {
                    tracks.push_back(
                        {numbered_id(number()),
                         random_fingerprint(random.next(), 1 + static_cast<std::uint32_t>(random.below(1500)))});
                }
                add(tracks);
            } else if (dice < 80) {
                remove({numbered_id(number()), numbered_id(number())});
            } else if (dice < 88) {
                compact();
            } else if (dice < 90) {
                ASSERT_TRUE(writer().clear(deadline_));
                model_.clear();
            } else {
                open();
            }
            if (step % 5 == 4) expect_model(seed * 1000 + step, 25);
            if (HasFailure()) FAIL() << "seed " << seed << ", step " << step;
        }
        compact();
        expect_model(seed);
    }
}

TEST_P(FingerprintIndexSequence, ASnapshotDoesNotChange) {
    open();
    for (std::uint32_t i = 0; i < 7; ++i) add(i, random_fingerprint(i, 1000));
    FingerprintModel then = model_;
    const auto before = snapshot();
    then.expect_same(*before, 1);
    remove({numbered_id(1)});
    add(2, random_fingerprint(100, 500));
    then.expect_same(*before, 2);
    compact();
    for (std::uint32_t i = 10; i < 20; ++i) add(i, random_fingerprint(i, 1000));
    then.expect_same(*before, 3);
    ASSERT_TRUE(writer().clear(deadline_));
    for (std::uint32_t i = 30; i < 35; ++i) {
        const std::vector<index::TrackFingerprint> one = {{numbered_id(i), random_fingerprint(i, 1000)}};
        ASSERT_TRUE(writer().add(one, deadline_));
    }
    then.expect_same(*before, 4);
    model_.clear();
    for (std::uint32_t i = 30; i < 35; ++i) model_.add(numbered_id(i), random_fingerprint(i, 1000));
    expect_model(5);
}

TEST_P(FingerprintIndexSequence, ReadersWorkWhileAWriterWrites) {
    open();
    for (std::uint32_t i = 0; i < 5; ++i) add(i, random_fingerprint(i, 600));
    std::jthread writing([&](const std::stop_token& stop) {
        for (std::uint32_t i = 100; !stop.stop_requested(); ++i) {
            const std::vector<index::TrackFingerprint> one = {{numbered_id(i), random_fingerprint(i, 600)}};
            const std::vector<TrackId> old = {numbered_id(i - 3)};
            if (!writer().add(one, deadline_) || !writer().remove(old, deadline_)) return;
            if (i % 4 == 0 && !writer().compact(deadline_)) return;
        }
    });
    // Every snapshot finds what was stored before the writer started.
    const std::vector<fingerprint::Landmark> landmarks =
        fingerprint::reference_landmarks(random_fingerprint(3, 600).peaks);
    for (int i = 0; i < 40; ++i) {
        const auto now = snapshot();
        const auto& landmark = landmarks[static_cast<std::size_t>(i) * landmarks.size() / 40];
        const index::Lookup lookup{landmark.key, landmark.key, static_cast<std::int32_t>(landmark.frame)};
        bool found = false;
        for (std::size_t segment = 0; segment < now->segments().size(); ++segment) {
            std::vector<std::uint32_t> offsets;
            now->find(segment, std::span(&lookup, 1), 1000, offsets);
            for (const std::uint32_t offset : offsets) {
                const auto location = now->locate(segment, offset + landmark.frame - 1000);
                found = found || (location && location->begin + 1000 == offset &&
                                  now->track_id(location->track) == numbered_id(3));
            }
        }
        EXPECT_TRUE(found) << "snapshot " << i;
    }
}

}  // namespace
}  // namespace audio_ident::test
