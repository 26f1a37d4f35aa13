#include "lib/ffmpeg/resampler.hpp"

#include <algorithm>

#include "lib/ffmpeg/error.hpp"

extern "C" {
#include <libavutil/channel_layout.h>
#include <libavutil/mathematics.h>
#include <libavutil/opt.h>
#include <libswresample/swresample.h>
}

namespace audio_ident::ffmpeg {

Resampler::Resampler(int from_hz, int to_hz, const ResamplerOptions& options)
    : from_hz_(from_hz), to_hz_(to_hz), tail_samples_(options.filter_size * (2 + 2 * from_hz / to_hz)) {
    AVChannelLayout mono;
    av_channel_layout_default(&mono, 1);
    int code = swr_alloc_set_opts2(&context_, &mono, AV_SAMPLE_FMT_FLTP, to_hz, &mono, AV_SAMPLE_FMT_FLTP, from_hz, 0,
                                   nullptr);
    if (code >= 0) code = av_opt_set_int(context_, "filter_size", options.filter_size, 0);
    if (code >= 0) code = av_opt_set_double(context_, "cutoff", options.cutoff, 0);
    if (code >= 0) code = av_opt_set_double(context_, "kaiser_beta", options.kaiser_beta, 0);
    if (code >= 0) code = swr_init(context_);
    if (code < 0) {
        swr_free(&context_);
        throw Error(code);
    }
}

Resampler::~Resampler() {
    swr_free(&context_);
}

std::span<const float> Resampler::convert(std::span<const float> input) {
    if (input.empty()) return {};
    consumed_ += static_cast<std::int64_t>(input.size());
    const std::span<const float> output = run(input);
    produced_ += static_cast<std::int64_t>(output.size());
    return output;
}

std::span<const float> Resampler::flush() {
    // The library's own flush returns nothing when the input is shorter than the filter, and too little otherwise.
    const std::int64_t due = av_rescale_rnd(consumed_, to_hz_, from_hz_, AV_ROUND_UP) - produced_;
    if (due <= 0) return {};
    const std::span<const float> output = run(std::vector<float>(static_cast<std::size_t>(tail_samples_)));
    return output.first(std::min(output.size(), static_cast<std::size_t>(due)));
}

std::span<const float> Resampler::run(std::span<const float> input) {
    const int count = static_cast<int>(input.size());
    const int most = swr_get_out_samples(context_, count);
    if (most < 0) throw Error(most);
    if (output_.size() < static_cast<std::size_t>(most)) output_.resize(static_cast<std::size_t>(most));
    auto* out = reinterpret_cast<std::uint8_t*>(output_.data());
    const auto* in = reinterpret_cast<const std::uint8_t*>(input.data());
    const int made = swr_convert(context_, &out, most, &in, count);
    if (made < 0) throw Error(made);
    return {output_.data(), static_cast<std::size_t>(made)};
}

}  // namespace audio_ident::ffmpeg
