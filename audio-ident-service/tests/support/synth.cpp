#include "support/synth.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <complex>
#include <numbers>

#include "support/random.hpp"

namespace audio_ident::test {

namespace {

constexpr double kTau = 2 * std::numbers::pi;

void to_grid(Clip& clip) {
    for (float& sample : clip.samples) {
        const float step = std::round(sample * 32768.0F);
        sample = std::clamp(step, -32768.0F, 32767.0F) / 32768.0F;
    }
}

double midi_to_hz(int note) {
    return 440.0 * std::pow(2.0, (note - 69) / 12.0);
}

struct Note {
    double start_seconds;
    double frequency_hz;
    double amplitude;
    double decay_seconds;  ///< time constant
    int overtones;
};

/// Adds a plucked note. Higher overtones are weaker and decay faster.
void add_note(Clip& clip, const Note& note, Random& random) {
    const double rate = clip.sample_rate_hz;
    const auto begin = static_cast<std::size_t>(note.start_seconds * rate);
    const auto length = static_cast<std::size_t>(std::min(2.0, note.decay_seconds * 5) * rate);
    const auto attack = static_cast<std::size_t>(0.004 * rate);
    const std::size_t end = std::min(begin + length, clip.samples.size());
    for (int k = 1; k <= note.overtones; ++k) {
        const double frequency = note.frequency_hz * k;
        if (frequency > 0.45 * rate) break;
        const double damping = std::exp(-(0.6 + 0.4 * k) / (note.decay_seconds * rate));
        const std::complex<double> step = std::polar(damping, kTau * frequency / rate);
        std::complex<double> phasor = std::polar(note.amplitude / k, random.uniform(0, kTau));
        for (std::size_t i = begin; i < end; ++i) {
            const double rise = std::min(1.0, static_cast<double>(i - begin) / static_cast<double>(attack));
            clip.samples[i] += static_cast<float>(rise * phasor.imag());
            phasor *= step;
        }
    }
}

void add_drum(Clip& clip, double start_seconds, double amplitude, double decay_seconds, Random& random) {
    const double rate = clip.sample_rate_hz;
    const auto begin = static_cast<std::size_t>(start_seconds * rate);
    const std::size_t end = std::min(begin + static_cast<std::size_t>(decay_seconds * 6 * rate), clip.samples.size());
    const double damping = std::exp(-1 / (decay_seconds * rate));
    double envelope = amplitude;
    for (std::size_t i = begin; i < end; ++i, envelope *= damping) {
        clip.samples[i] += static_cast<float>(envelope * random.uniform(-1, 1));
    }
}

}  // namespace

Clip tone(double frequency_hz, double seconds, int sample_rate_hz, double amplitude) {
    Clip clip = silence(seconds, sample_rate_hz);
    for (std::size_t i = 0; i < clip.samples.size(); ++i) {
        const double turns = frequency_hz * static_cast<double>(i) / sample_rate_hz;
        clip.samples[i] = static_cast<float>(amplitude * std::sin(kTau * (turns - std::floor(turns))));
    }
    to_grid(clip);
    return clip;
}

Clip noise(std::uint64_t seed, double seconds, int sample_rate_hz, double amplitude) {
    Random random(seed);
    Clip clip = silence(seconds, sample_rate_hz);
    for (float& sample : clip.samples) sample = static_cast<float>(random.uniform(-amplitude, amplitude));
    to_grid(clip);
    return clip;
}

Clip sweep(double from_hz, double to_hz, double seconds, int sample_rate_hz, double amplitude) {
    Clip clip = silence(seconds, sample_rate_hz);
    const double growth = std::log(to_hz / from_hz) / seconds;
    for (std::size_t i = 0; i < clip.samples.size(); ++i) {
        const double t = static_cast<double>(i) / sample_rate_hz;
        const double turns = from_hz * (std::exp(growth * t) - 1) / growth;
        clip.samples[i] = static_cast<float>(amplitude * std::sin(kTau * (turns - std::floor(turns))));
    }
    to_grid(clip);
    return clip;
}

Clip music(std::uint64_t seed, double seconds, int sample_rate_hz) {
    static constexpr std::array<std::array<int, 7>, 3> kScales = {
        {{0, 2, 4, 5, 7, 9, 11}, {0, 2, 3, 5, 7, 8, 10}, {0, 2, 3, 5, 7, 9, 10}}};
    Random random(seed ^ 0x6D75736963ULL);
    Clip clip = silence(seconds, sample_rate_hz);
    const auto& scale = kScales[static_cast<std::size_t>(random.below(3))];
    const int key = 45 + random.below(12);
    const double beat = 60 / random.uniform(76, 152);
    const double brightness = random.uniform(0.5, 1.5);
    const auto degree = [&](int d) { return key + 12 * (d / 7) + scale[static_cast<std::size_t>(d % 7)]; };

    int root = 0;
    int melody = 7;
    // Each beat has its own seed, so that it does not depend on how many samples were drawn before.
    for (int n = 0; n * beat < seconds; ++n) {
        Random dice(random.next());
        const double now = n * beat;
        if (n % 4 == 0) {
            root = dice.below(7);
            for (const int third : {0, 2, 4}) {
                const Note note{now, midi_to_hz(degree(root + third + 7)), 0.07, 0.9,
                                static_cast<int>(5 * brightness) + 1};
                add_note(clip, note, dice);
            }
        }
        if (n % 2 == 0) add_note(clip, {now, midi_to_hz(degree(root) - 12), 0.14, 0.4, 4}, dice);
        for (int half = 0; half < 2; ++half) {
            if (dice.uniform() < 0.3) continue;
            melody = std::clamp(melody + dice.below(5) - 2, 4, 20);
            const Note note{now + half * beat / 2, midi_to_hz(degree(melody) + 12), 0.10, dice.uniform(0.15, 0.5), 6};
            add_note(clip, note, dice);
        }
        add_drum(clip, now, n % 2 == 0 ? 0.10 : 0.16, n % 2 == 0 ? 0.02 : 0.05, dice);
        if (dice.uniform() < 0.6) add_drum(clip, now + beat / 2, 0.05, 0.015, dice);
    }
    to_grid(clip);
    return clip;
}

}  // namespace audio_ident::test
