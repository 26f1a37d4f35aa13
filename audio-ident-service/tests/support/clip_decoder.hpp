#pragma once

#include <algorithm>

#include "audio/decoder.hpp"
#include "support/clip.hpp"

namespace audio_ident::test {

/// "Decodes" every file to the same clip, in blocks of a second.
class ClipDecoder final : public audio::Decoder {
  public:
    explicit ClipDecoder(Clip clip) : clip_(std::move(clip)) {}

    Result<audio::DecodeSummary> decode(const audio::Source&, const audio::DecodeOptions& options,
                                        const audio::PcmSink& sink) const override {
        const double most = options.max_seconds.value_or(1e9) * options.sample_rate_hz;
        std::span<const float> rest = clip_.samples;
        if (double(rest.size()) > most) rest = rest.first(static_cast<std::size_t>(most));
        audio::DecodeSummary summary;
        while (!rest.empty()) {
            const auto block = rest.first(std::min(rest.size(), static_cast<std::size_t>(options.sample_rate_hz)));
            summary.samples += static_cast<std::int64_t>(block.size());
            if (sink(block) == audio::Flow::stop) break;
            rest = rest.subspan(block.size());
        }
        summary.duration_seconds = double(summary.samples) / options.sample_rate_hz;
        return summary;
    }
    Result<audio::StreamInfo> probe(const audio::Source&, const Deadline&) const override {
        return audio::StreamInfo{};
    }

  private:
    Clip clip_;
};

}  // namespace audio_ident::test
