#include "search/transforms.hpp"

#include <cmath>

namespace audio_ident::search {

namespace {

using fingerprint::Transform;

constexpr float kStep = 1.009F;       // half of it moves a peak in the middle of the band by one bin
constexpr float kTempoStep = 1.018F;  // time alone has the look-ups' tolerance of a frame besides
constexpr float kJointTempo = 1.05F;
constexpr int kNear = 4;  // to either side, as all that follow
constexpr int kSpeeds = 12;
constexpr int kPitches = 21;
constexpr int kTempos = 9;
constexpr int kJointTempos = 2;

float power(float base, int exponent) {
    return std::pow(base, static_cast<float>(exponent));
}

std::vector<std::vector<Transform>> make_groups() {
    std::vector<std::vector<Transform>> groups;
    const auto single = [&](int from, int to) {
        auto& group = groups.emplace_back();
        for (int i = from; i <= to; ++i) {
            for (const int n : {i, -i}) {
                if (i <= kSpeeds) group.push_back({power(kStep, n), power(kStep, n)});
                group.push_back({1, power(kStep, n)});
                if (i <= kTempos) group.push_back({power(kTempoStep, n), 1});
            }
        }
    };
    single(1, kNear);
    single(kNear + 1, kSpeeds);
    single(kSpeeds + 1, kPitches);
    for (int tempo = 1; tempo <= kJointTempos; ++tempo) {
        for (const float time : {power(kJointTempo, tempo), power(kJointTempo, -tempo)}) {
            auto& group = groups.emplace_back();
            for (int i = 1; i <= kPitches; ++i) {
                for (const int n : {i, -i}) group.push_back({time, power(kStep, n)});
            }
        }
    }
    return groups;
}

}  // namespace

const std::vector<std::vector<Transform>>& transform_groups() {
    static const std::vector<std::vector<Transform>> groups = make_groups();
    return groups;
}

}  // namespace audio_ident::search
