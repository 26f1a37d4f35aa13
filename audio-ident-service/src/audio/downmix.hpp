#pragma once

#include <cstddef>
#include <span>
#include <vector>

struct AVFrame;

namespace audio_ident::audio {

/// Makes one channel of all channels of a recording, for the mono signal that both lanes analyse. Each output sample is
/// the mean of the channels, in [-1, 1] for what the codec calls full scale. Which speaker a channel is for does not
/// matter, so every layout works.
///
/// Channels that cancel each other (one of them inverted, a "wide" effect, a voice removed by subtraction) would leave
/// silence or the codec's residue. Where the mean has lost 10 dB against the sum with the best signs, the channels that
/// oppose the loudest one are inverted before the mean. The decision is taken for blocks of a quarter of a second, from
/// the power of about the last second, so it does not flicker. Ordinary stereo keeps the plain mean to the bit.
///
/// Floating-point samples that are not finite or far beyond full scale become 0: one bad sample must not spoil what is
/// computed after it. Not thread-safe.
class Downmixer {
  public:
    /// The next decoded frame at this sample rate. Channels may change in number from frame to frame; before the rate
    /// changes, call flush(). Returns false for a sample format that this build does not know.
    bool consume(const AVFrame& frame, int sample_rate_hz);
    /// What has been mixed since the last call; valid until the next call of any method. One sample for each sample
    /// consumed, at most a quarter of a second late. A mono recording is not delayed.
    std::span<const float> take();
    /// Mixes what still waits for its block to fill, then take() has it.
    void flush();

  private:
    void mix_block(std::size_t count);
    std::vector<float> choose_gains(std::size_t count);
    std::vector<float> opposing_signs(std::size_t count);
    bool cancels(std::span<const float> signs, std::size_t count);
    void apply(std::span<const float> gains, std::size_t count);

    std::size_t block_samples_ = 0;
    std::size_t fade_samples_ = 0;
    std::vector<std::vector<float>> channels_;  ///< what waits, a vector a channel, each sample divided by the channels
    std::vector<float> mono_;
    std::vector<float> handed_out_;

    std::vector<float> gains_;      ///< of the last block: 1 or -1 a channel; empty before the first
    std::vector<float> signs_;      ///< that the powers below belong to
    std::vector<double> powers_;    ///< of each channel, over about the last second
    std::vector<double> products_;  ///< of each channel with the loudest
    std::size_t loudest_ = 0;
    double mean_power_ = 0;    ///< of the plain mean
    double signed_power_ = 0;  ///< of the mean with signs_
};

enum class Side { left, right };

/// Replaces `samples` by the mean of the channels that are not for the other side, scaled to [-1, 1]; of two channels
/// the first is the left one. Returns false for a sample format that this build does not know.
bool mean_of_side(const AVFrame& frame, Side side, std::vector<float>& samples);

}  // namespace audio_ident::audio
