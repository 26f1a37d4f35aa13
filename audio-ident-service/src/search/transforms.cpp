#include "search/transforms.hpp"

#include <algorithm>
#include <cmath>
#include <complex>
#include <numbers>

#include "fingerprint/params.hpp"

namespace audio_ident::search {

namespace {

using fingerprint::Transform;

constexpr float kStep = 1.009F;       // half a step moves a peak in the middle of the band by one bin
constexpr float kTempoStep = 1.018F;  // may be wider, because look-ups tolerate a frame of time
constexpr int kSpeeds = 12;           // to either side, like the following numbers
constexpr int kPitches = 21;
constexpr int kTempos = 9;
constexpr float kJointTempo = 1.05F;
constexpr int kJointTempos = 2;

constexpr float kFarther = 12;  // steps that divide the likelihood by e; a tempo step counts as two
constexpr float kJoint = 0.2F;  // likelihood that tempo and pitch change by different amounts, relative to one alone

struct Likely {
    Transform transform;
    float likelihood;
};

float power(float base, int exponent) {
    return std::pow(base, static_cast<float>(exponent));
}

// The likelihood of a change before any evidence from the clip.
float falling(float steps) {
    return std::exp(-std::abs(steps) / kFarther);
}

// Adds all changes that give the clip this pitch, `steps` away from 1.
void add_pitch(float pitch, float steps, std::vector<Likely>& all) {
    if (std::abs(steps) <= kSpeeds + 0.5F) all.push_back({{pitch, pitch}, falling(steps)});
    all.push_back({{1, pitch}, falling(steps)});
    for (int tempo = 1; tempo <= kJointTempos; ++tempo) {
        const float likelihood = kJoint * falling(std::abs(steps) + static_cast<float>(tempo));
        for (const int n : {tempo, -tempo}) all.push_back({{power(kJointTempo, n), pitch}, likelihood});
    }
}

std::vector<Likely> make_grid() {
    std::vector<Likely> all;
    for (int i = 1; i <= kPitches; ++i) {
        for (const int n : {i, -i}) {
            add_pitch(power(kStep, n), static_cast<float>(n), all);
            if (i <= kTempos) all.push_back({{power(kTempoStep, n), 1}, falling(static_cast<float>(2 * i))});
        }
    }
    return all;
}

// How far the clip's notes are from those of an instrument tuned to a = 440 Hz.
class Tuning {
  public:
    explicit Tuning(const fingerprint::Clip& clip) {
        constexpr float kClear = 1.5F;  // peaks with less contrast are mostly noise
        std::complex<double> sum;
        double count = 0;
        for (std::size_t phase = 0; phase < clip.phases(); ++phase) {
            for (const fingerprint::ClipPeak& peak : clip.peaks(phase)) {
                if (peak.contrast < kClear) continue;
                const double hz = (double(peak.bin) + fingerprint::kFirstBin) * fingerprint::kSampleRateHz /
                                  fingerprint::kWindowSamples;
                sum += std::polar(1.0, 2 * std::numbers::pi * semitones(hz / 440));
                ++count;
            }
        }
        semitones_ = std::arg(sum) / (2 * std::numbers::pi);
        // For peaks that are not notes, |sum| is about √count.
        clarity_ = std::abs(sum) / std::sqrt(std::max(count, 1.0));
        deviation_ = kUsualDeviation + kUnclear / std::max(clarity_, 1e-3);
    }

    bool is_clear() const { return clarity_ >= 3; }

    /// The factor that tuning gives to the likelihood of a change: from kAnyTuning to a little above 1.
    float likelihood(float pitch) const {
        const double off = semitones_ - semitones(double(pitch));
        const double deviations = (off - std::nearbyint(off)) / deviation_;
        return static_cast<float>(kAnyTuning + std::exp(-0.5 * deviations * deviations));
    }

    /// The pitch that moves the notes to those of the instrument, plus this many semitones.
    float pitch(int semitones) const { return static_cast<float>(std::exp2((semitones_ + semitones) / 12)); }

  private:
    static constexpr double kUsualDeviation = 0.12;  // deviation of music from 440 Hz, in semitones
    static constexpr double kUnclear = 0.4;
    static constexpr double kAnyTuning = 0.1;

    static double semitones(double ratio) { return 12 * std::log2(ratio); }

    double semitones_ = 0;
    double clarity_ = 0;
    double deviation_ = 1;
};

void add_tuned(const Tuning& tuning, std::vector<Likely>& all) {
    constexpr float kBonus = 2;  // the grid is up to half a step off, these changes are exact
    constexpr int kSemitones = 4;
    const auto begin = static_cast<std::ptrdiff_t>(all.size());
    for (int semitones = -kSemitones; semitones <= kSemitones; ++semitones) {
        const float pitch = tuning.pitch(semitones);
        const float steps = std::log(pitch) / std::log(kStep);
        if (std::abs(steps) > 0.5F && std::abs(steps) <= kPitches + 0.5F) add_pitch(pitch, steps, all);
    }
    std::for_each(all.begin() + begin, all.end(), [](Likely& one) { one.likelihood *= kBonus; });
}

}  // namespace

std::vector<Transform> likely_transforms(const fingerprint::Clip& clip) {
    static const std::vector<Likely> grid = make_grid();
    const Tuning tuning(clip);
    std::vector<Likely> likely = grid;
    if (tuning.is_clear()) add_tuned(tuning, likely);
    for (Likely& one : likely) one.likelihood *= tuning.likelihood(one.transform.pitch);
    std::stable_sort(likely.begin(), likely.end(),
                     [](const Likely& a, const Likely& b) { return a.likelihood > b.likelihood; });
    std::vector<Transform> transforms;
    transforms.reserve(likely.size());
    for (const Likely& one : likely) transforms.push_back(one.transform);
    return transforms;
}

}  // namespace audio_ident::search
