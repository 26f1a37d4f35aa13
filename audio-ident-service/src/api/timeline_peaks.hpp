#pragma once

#include <filesystem>
#include <optional>

#include "audio/waveform.hpp"
#include "core/result.hpp"

namespace audio_ident::api {

// The waveform of a timeline's recording, in a file: "AIP1", and 16 bits a peak, low byte first.

/// Fails with not_available.
Result<void> write_peaks(const std::filesystem::path& file, const audio::WaveformPeaks& peaks);
/// nullopt when the file is not there or damaged: the peaks can be made again.
std::optional<audio::WaveformPeaks> read_peaks(const std::filesystem::path& file);

}  // namespace audio_ident::api
