#pragma once

#include <cstddef>
#include <cstdint>

namespace audio_ident::fingerprint {

/// The exact lane's tunables. Every index stores the version; a change to any value below needs a new one, because
/// fingerprints made with different values do not match. docs/fingerprint.md gives the sweep behind each value.
struct Params {
    static constexpr std::uint32_t kVersion = 3;
};

// Spectrogram.
inline constexpr int kSampleRateHz = 16000;
inline constexpr std::size_t kWindowSamples = 2048;  ///< Hann, 128 ms
inline constexpr std::size_t kHopSamples = 256;      ///< 16 ms
inline constexpr double kFramesPerSecond = double(kSampleRateHz) / double(kHopSamples);
inline constexpr std::size_t kFirstBin = 26;  ///< FFT bin of 203 Hz; peaks count bins from here
inline constexpr std::size_t kBins = 615;     ///< up to 5,000 Hz

// What is added to a recording's power before the logarithm: so much of the mean power around, 15 dB less.
inline constexpr float kFaintNoise = 0.0316F;

// Local contrast: log power less its mean over a box, divided by the box's standard deviation.
inline constexpr std::size_t kBoxFrames = 31;  ///< to either side: 0.5 s
inline constexpr std::size_t kBoxBins = 38;    ///< to either side: 300 Hz

// Peaks: maxima of contrast.
inline constexpr std::size_t kPeakFrames = 3;     ///< to either side
inline constexpr std::size_t kPeakBins = 4;       ///< to either side
inline constexpr float kPeakContrast = 0.3F;      ///< at least
inline constexpr std::size_t kBucketFrames = 32;  ///< the strongest peaks are kept per bucket of so many frames
inline constexpr std::size_t kReferencePeaksPerBucket = 44;  ///< kept, for verification
inline constexpr std::size_t kLandmarkPeaksPerBucket = 22;   ///< of them, the strongest make landmarks
inline constexpr std::size_t kQueryPeaksPerBucket = 77;

// Landmarks: pairs of peaks.
inline constexpr std::uint32_t kMinPairFrames = 2;
inline constexpr std::uint32_t kMaxPairFrames = 63;
inline constexpr int kMaxPairBins = 60;  ///< either direction
inline constexpr std::size_t kReferenceFanOut = 3;
inline constexpr std::size_t kQueryFanOut = 30;

}  // namespace audio_ident::fingerprint
