#include "search/transforms.hpp"

#include <cmath>

namespace audio_ident::search {

namespace {

using fingerprint::Transform;

constexpr float kStep = 1.009F;       // half of it moves a peak in the middle of the band by one bin
constexpr float kTempoStep = 1.018F;  // time alone has the look-ups' tolerance of a frame besides
constexpr float kJointTempo = 1.05F;
constexpr int kSpeeds = 12;  // to either side, as all that follow
constexpr int kPitches = 21;
constexpr int kTempos = 9;
constexpr int kJointTempos = 2;

float power(float base, int exponent) {
    return std::pow(base, static_cast<float>(exponent));
}

std::vector<Transform> make_single() {
    std::vector<Transform> transforms;
    for (int i = 1; i <= kPitches; ++i) {
        for (const int n : {i, -i}) {
            if (i <= kSpeeds) transforms.push_back({power(kStep, n), power(kStep, n)});
            transforms.push_back({1, power(kStep, n)});
            if (i <= kTempos) transforms.push_back({power(kTempoStep, n), 1});
        }
    }
    return transforms;
}

std::vector<Transform> make_joint() {
    std::vector<Transform> transforms;
    for (int tempo = 1; tempo <= kJointTempos; ++tempo) {
        for (const float time : {power(kJointTempo, tempo), power(kJointTempo, -tempo)}) {
            for (int i = 1; i <= kPitches; ++i) {
                for (const int n : {i, -i}) transforms.push_back({time, power(kStep, n)});
            }
        }
    }
    return transforms;
}

}  // namespace

const std::vector<Transform>& single_transforms() {
    static const std::vector<Transform> transforms = make_single();
    return transforms;
}

const std::vector<Transform>& joint_transforms() {
    static const std::vector<Transform> transforms = make_joint();
    return transforms;
}

}  // namespace audio_ident::search
