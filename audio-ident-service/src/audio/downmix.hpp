#pragma once

#include <vector>

struct AVFrame;

namespace audio_ident::audio {

/// Sets `mono` to the mean of all channels of a decoded frame, scaled to [-1, 1]. It ignores which speaker a channel
/// belongs to, so it handles every layout. In floating-point formats, samples that are not finite or absurdly large
/// become 0, because one bad sample would spoil everything computed after it.
/// Returns false for an unknown sample format.
bool mean_of_channels(const AVFrame& frame, std::vector<float>& mono);

enum class Side { left, right };

/// The same for one side: the mean of the channels that do not belong to the other side. With two unnamed channels the
/// first is left.
bool mean_of_side(const AVFrame& frame, Side side, std::vector<float>& samples);

}  // namespace audio_ident::audio
