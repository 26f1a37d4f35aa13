#include "calibration/self_test.hpp"

#include <algorithm>
#include <random>

#include "calibration/degrade.hpp"
#include "fingerprint/params.hpp"
#include "index/fingerprint/hiding_reader.hpp"
#include "search/exact_lane.hpp"
#include "util/path_text.hpp"

namespace audio_ident::calibration {

namespace {

constexpr int kRate = fingerprint::kSampleRateHz;
constexpr double kShortestTrackSeconds = 15;
constexpr double kLongestTrackSeconds = 600;  // read no more than this of a track

using Samples = std::vector<float>;

class ClipMaker {
  public:
    ClipMaker(Samples track, std::uint64_t seed) : track_(std::move(track)), random_(seed) {}

    Samples cut(double seconds) {
        const auto length = static_cast<std::size_t>(seconds * kRate);
        const auto begin = static_cast<std::ptrdiff_t>(random_() % (track_.size() - length));
        return {track_.begin() + begin, track_.begin() + begin + static_cast<std::ptrdiff_t>(length)};
    }
    // Each draw has its own statement: compilers may evaluate the arguments of a call in any order.
    Samples noisy(double seconds, double snr_db) {
        const std::uint64_t noise = random_();
        return with_noise(cut(seconds), snr_db, noise);
    }
    Samples in_room() {
        const std::uint64_t room = random_();
        const auto echoing = calibration::in_room(cut(6), kRate, 0.5, room);
        return with_noise(echoing, 10, random_());
    }
    Samples by_telephone() { return within_band(noisy(5, 20), kRate, 300, 3400); }
    Samples faster_or_slower() {
        const double change = 0.01 + 0.04 * double(random_() % 1000) / 1000;
        const bool faster = random_() % 2 == 0;
        return at_speed(cut(6), faster ? 1 + change : 1 - change);
    }
    Samples under_other_music() {
        const auto other = cut(5);
        return mixed(cut(5), other, 3);
    }

  private:
    Samples track_;
    std::mt19937_64 random_;
};

struct Kind {
    std::string_view name;
    Samples (*make)(ClipMaker&);
};

constexpr Kind kKinds[] = {
    {"as recorded, 3 s", [](ClipMaker& maker) { return maker.cut(3); }},
    {"noise 5 dB, 5 s", [](ClipMaker& maker) { return maker.noisy(5, 5); }},
    {"noise 0 dB, 3 s", [](ClipMaker& maker) { return maker.noisy(3, 0); }},
    {"noise -5 dB, 5 s", [](ClipMaker& maker) { return maker.noisy(5, -5); }},
    {"room, noise 10 dB, 6 s", [](ClipMaker& maker) { return maker.in_room(); }},
    {"telephone, 5 s", [](ClipMaker& maker) { return maker.by_telephone(); }},
    {"speed 1 to 5 %, 6 s", [](ClipMaker& maker) { return maker.faster_or_slower(); }},
    {"under music 3 dB, 5 s", [](ClipMaker& maker) { return maker.under_other_music(); }},
};

Result<Samples> decode(const SelfTestParts& parts, const catalog::FileRecord& track, const Deadline& deadline) {
    const auto path = util::path_from_text(track.file_path);
    if (!path) return fail(ErrorKind::not_available, "{} cannot be opened", track.file_path);
    Samples samples;
    audio::DecodeOptions options;
    options.sample_rate_hz = kRate;
    options.max_seconds = kLongestTrackSeconds;
    options.deadline = deadline;
    const auto done = parts.decoder.decode(*path, options, [&](std::span<const float> block) {
        samples.insert(samples.end(), block.begin(), block.end());
        return audio::Flow::proceed;
    });
    if (!done) return forward(done);
    return samples;
}

}  // namespace

Result<std::vector<Trial>> test_track(const SelfTestParts& parts, const catalog::FileRecord& track, std::uint64_t seed,
                                      const Deadline& deadline) {
    auto samples = decode(parts, track, deadline);
    if (!samples) return forward(samples);
    std::vector<Trial> trials;
    if (double(samples->size()) < kShortestTrackSeconds * kRate) return trials;
    ClipMaker maker(std::move(*samples), seed);

    search::ExactOptions options;
    options.deadline = deadline;
    const search::ExactLane whole(parts.index, parts.executor);
    std::vector<TrackId> copies{track.id};
    if (const auto found = whole.search(maker.cut(10), options)) {
        for (const search::RecordingMatch& match : *found) copies.push_back(match.track);
    } else {
        return forward(found);
    }
    index::HidingReader hiding(parts.index, copies);
    const search::ExactLane without(hiding, parts.executor);
    for (const Kind& kind : kKinds) {
        const Samples clip = kind.make(maker);
        const auto known = whole.examine(clip, options);
        if (!known) return forward(known);
        const auto unknown = without.examine(clip, options);
        if (!unknown) return forward(unknown);
        Trial trial{kind.name, {}, {}};
        if (!known->empty()) {
            const search::Evidence& best = known->front();
            trial.known = {best.confidence, std::find(copies.begin(), copies.end(), best.track) != copies.end()};
        }
        if (!unknown->empty()) trial.unknown.confidence = unknown->front().confidence;
        trials.push_back(trial);
    }
    return trials;
}

}  // namespace audio_ident::calibration
