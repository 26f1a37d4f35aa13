#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <variant>

#include "core/deadline.hpp"
#include "core/result.hpp"

namespace audio_ident::audio {

/// Where the bytes of a recording come from: a file, or a buffer that outlives the call (an upload).
using Source = std::variant<std::filesystem::path, std::span<const std::byte>>;

/// What the file says of itself, as valid UTF-8, trimmed; absent when it says nothing.
struct Tags {
    std::optional<std::string> title;
    std::optional<std::string> artist;
    std::optional<std::string> album;
};

/// What the container and codec say before anything is decoded.
struct StreamInfo {
    std::string format;      ///< short name of the codec family: "mp3", "flac", "wav", "opus", "aac", …
    int sample_rate_hz = 0;  ///< of the source
    int channels = 0;        ///< of the source
    std::optional<int> bitrate_bps;
    std::optional<double> duration_seconds;  ///< claimed by the container; may lie
    Tags tags;
};

/// What a whole decode found out.
struct DecodeSummary {
    StreamInfo info;
    double duration_seconds = 0;      ///< exact: decoded samples at the source rate / source rate
    std::int64_t samples = 0;         ///< handed to the sink, of each channel, at the requested rate
    std::int64_t damaged_frames = 0;  ///< frames that could not be decoded and are left out, and gaps in time
    bool stopped_early = false;       ///< the sink had enough, or max_seconds was reached
};

enum class Channels : std::uint8_t {
    mono = 1,   ///< all channels averaged
    stereo = 2  ///< left, right, left …: what is neither is in both, so that one channel comes twice
};

struct DecodeOptions {
    int sample_rate_hz = 16000;         ///< of the signal handed to the sink
    std::optional<double> max_seconds;  ///< stop after this much decoded audio
    Deadline deadline;
    Channels channels = Channels::mono;
};

enum class Flow { proceed, stop };

/// Receives samples, nominally in [-1, 1] (a lossy codec may overshoot), in order, in blocks of any size.
/// Of stereo a block has whole pairs. The span is valid during the call only.
using PcmSink = std::function<Flow(std::span<const float> samples)>;

/// Turns any audio file into PCM. Implementations are thread-safe: concurrent calls do not share state.
class Decoder {
  public:
    virtual ~Decoder() = default;

    /// Streams the first audio stream of `source` into `sink`, memory bounded whatever the length.
    /// Damaged frames are skipped and counted. Cover art and video are ignored.
    /// Fails with: not_available (cannot be opened or read), invalid_input (empty, or no audio stream in it),
    /// unsupported (no decoder knows it), corrupt (no frame could be decoded), timeout (deadline or stop).
    virtual Result<DecodeSummary> decode(const Source& source, const DecodeOptions& options,
                                         const PcmSink& sink) const = 0;

    /// Reads headers and tags only. Fails like decode().
    virtual Result<StreamInfo> probe(const Source& source, const Deadline& deadline) const = 0;
};

/// The decoder over the FFmpeg libraries, in this process.
std::unique_ptr<Decoder> make_ffmpeg_decoder();

}  // namespace audio_ident::audio
