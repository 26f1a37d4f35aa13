#pragma once

#include <algorithm>
#include <atomic>
#include <charconv>
#include <fstream>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "ingest/examine/analyzer.hpp"
#include "ingest/examine/music_comparison.hpp"
#include "support/random.hpp"

namespace audio_ident::ingest::test {

/// A file of the tests' libraries is a line of text: "song <number> <seconds> <music> …". Fingerprint and title contain
/// the number. Files of the same music have the same Chromaprint. After the music, "early" means that the file ends
/// early, "two" that it has two audio streams, "edit" that the music ends differently. Anything else is "not audio".
class FakeAnalyzer : public Analyzer {
  public:
    explicit FakeAnalyzer(std::atomic<int>& analyses, std::function<void(const std::string&)> before = {},
                          std::function<void(Analysis&)> embed = {})
        : analyses_(analyses), before_(std::move(before)), embed_(std::move(embed)) {}

    Result<Analysis> analyse(const std::filesystem::path& path, std::optional<int> stream,
                             const Deadline& deadline) override {
        std::ifstream file(path);
        std::string kind;
        std::uint32_t number = 0;
        double seconds = 0;
        std::string music;
        std::string trait;
        file >> kind >> number >> seconds >> music >> trait;
        if (before_) before_(path.filename());
        if (deadline.expired()) return fail(ErrorKind::timeout, "stopped");
        ++analyses_;
        if (kind != "song") return fail(ErrorKind::unsupported, "not audio");
        Analysis analysis;
        analysis.decoded.info.format = "fake";
        analysis.decoded.info.tags.title = "song " + std::to_string(number);
        analysis.decoded.duration_seconds = seconds;
        if (trait == "early") analysis.decoded.stated_seconds = 2 * seconds;
        if (trait == "two") analysis.decoded.info.audio_streams = 2;
        analysis.decoded.info.chosen_stream = stream.value_or(analysis.decoded.info.audio_streams);
        analysis.fingerprint.frames = number;
        analysis.fingerprint.peaks.resize(100);
        if (trait == "edit") analysis.fingerprint.peaks[0].bin = 1;
        analysis.waveform = {static_cast<std::uint16_t>(number)};
        analysis.chromaprint = music.empty() ? "music " + std::to_string(number) : music;
        analysis.chromaprint_seconds = std::min(seconds, 120.0);
        if (embed_) embed_(analysis);
        return analysis;
    }

  private:
    std::atomic<int>& analyses_;
    std::function<void(const std::string&)> before_;
    std::function<void(Analysis&)> embed_;
};

inline MusicComparison fake_chromaprint() {
    return {.words =
                [](const std::string& text) {
                    audio_ident::test::Random random(std::hash<std::string>()(text));
                    std::vector<std::uint32_t> words(900);
                    for (auto& word : words) word = static_cast<std::uint32_t>(random.next());
                    return words;
                },
            .similarity = [](std::span<const std::uint32_t> a,
                             std::span<const std::uint32_t> b) { return std::ranges::equal(a, b) ? 1.0 : 0.5; },
            .lay_over =
                [](const Recording& fresh, const Recording& known) {
                    const bool same = std::ranges::equal(fresh.peaks, known.peaks);
                    return Overlap{.common_seconds = 60, .differing_seconds = same ? 0.0 : 40.0, .extra_seconds = 0};
                }};
}

}  // namespace audio_ident::ingest::test
