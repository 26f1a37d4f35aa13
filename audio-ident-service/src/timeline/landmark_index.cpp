#include "timeline/landmark_index.hpp"

#include <algorithm>

namespace audio_ident::timeline {

namespace {

using fingerprint::kBucketFrames;
using fingerprint::Landmark;

constexpr std::size_t kPairBuckets = (fingerprint::kMaxPairFrames + kBucketFrames - 1) / kBucketFrames;

template <typename Use>
void for_each_landmark(const PeakBuckets& tape, Use use) {
    constexpr std::size_t kAtOnce = 1024;
    for (std::size_t first = 0; first < tape.size(); first += kAtOnce)
        for (const Landmark& landmark : landmarks_in(tape, first, first + kAtOnce)) use(landmark);
}

}  // namespace

std::vector<Landmark> landmarks_in(const PeakBuckets& tape, std::size_t first, std::size_t end) {
    std::vector<fingerprint::Peak> peaks;
    tape.get(first, end + kPairBuckets, peaks);
    auto landmarks = fingerprint::reference_landmarks(peaks);
    std::erase_if(landmarks, [&](const Landmark& landmark) { return landmark.frame >= end * kBucketFrames; });
    return landmarks;
}

LandmarkIndex::LandmarkIndex(const PeakBuckets& tape) : begins_(fingerprint::kKeys + 2) {
    // begins_[key + 2] counts; then begins_[key + 1] is where the next landmark of the key goes.
    for_each_landmark(tape, [&](const Landmark& landmark) { ++begins_[landmark.key + 2]; });
    for (std::size_t i = 1; i < begins_.size(); ++i) begins_[i] += begins_[i - 1];
    frames_.resize(begins_.back());
    for_each_landmark(tape, [&](const Landmark& landmark) { frames_[begins_[landmark.key + 1]++] = landmark.frame; });
}

}  // namespace audio_ident::timeline
