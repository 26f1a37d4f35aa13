#pragma once

#include <vector>

struct AVFrame;

namespace audio_ident::audio {

/// Replaces `mono` by the mean of all channels of a decoded frame, scaled to [-1, 1]. Which speaker a channel is for
/// does not matter, so every layout works, unknown ones too. Samples of a floating-point format that are not finite or
/// beyond any sense become 0, so that one bad sample cannot spoil all that is computed after it.
/// False for a sample format that FFmpeg has added since.
bool mean_of_channels(const AVFrame& frame, std::vector<float>& mono);

enum class Side { left, right };

/// The same of the channels that are not for the other side; of two channels the first is the left one.
bool mean_of_side(const AVFrame& frame, Side side, std::vector<float>& samples);

}  // namespace audio_ident::audio
