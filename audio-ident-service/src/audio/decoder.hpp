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

/// The file's tags as valid UTF-8 without surrounding white space. A missing or blank tag is nullopt.
struct Tags {
    std::optional<std::string> title;
    std::optional<std::string> artist;
    std::optional<std::string> album;
};

/// What the container and codec state before anything is decoded.
struct StreamInfo {
    std::string format;      ///< short name of the codec family: "mp3", "flac", "wav", "opus", "aac", …
    int sample_rate_hz = 0;  ///< of the source
    int channels = 0;        ///< of the source
    std::optional<int> bitrate_bps;
    std::optional<double> duration_seconds;  ///< as the container claims, which can be wrong
    int audio_streams = 1;                   ///< in the container
    int chosen_stream = 1;                   ///< the one decoded, counted from 1 among the audio streams
    Tags tags;
};

/// The result of decoding a whole recording.
struct DecodeSummary {
    StreamInfo info;
    double duration_seconds = 0;  ///< exact: decoded samples / source rate
    std::int64_t samples = 0;     ///< samples per channel given to the sink, at the requested rate
    /// Frames skipped because they could not be decoded, plus gaps in the time stamps
    std::int64_t damaged_frames = 0;
    std::optional<double> stated_seconds = {};  ///< how long a header states it lasts, where its audio ends before that
    bool stopped_early = false;                 ///< the sink wanted no more, or a limit was reached
};

enum class Channels : std::uint8_t {
    mono = 1,   ///< average of all channels
    stereo = 2  ///< left, right, left, …; other channels go to both sides, and mono is doubled
};

struct DecodeOptions {
    int sample_rate_hz = 16000;              ///< rate of the samples given to the sink
    std::optional<double> max_seconds = {};  ///< stop after this much decoded audio
    Deadline deadline = {};
    Channels channels = Channels::mono;
    /// Which audio stream to decode, counted from 1; absent: the one that the container marks as its default, else the
    /// first. A commentary or a description for the blind is chosen only when nothing else is there.
    std::optional<int> stream = {};
    /// Decode nothing of a recording for which the container claims more: it has no samples, and `stopped_early`.
    std::optional<double> max_claimed_seconds = {};
    /// Where to begin, in seconds by the time stamps. What lies before is skipped where the container can be searched,
    /// else decoded and dropped. A recording that ends before this has no samples.
    double begin_seconds = 0;
    /// Give silence in place of sound that is lost in the middle, where time stamps (or the bytes of an MP3 or AAC)
    /// tell how much: what comes after keeps its time.
    bool fill_gaps = false;
};

enum class Flow { proceed, stop };

/// Receives samples in order, nominally in [-1, 1] (lossy codecs may overshoot), in blocks of any size. Stereo blocks
/// contain whole pairs. The span is valid only during the call.
using PcmSink = std::function<Flow(std::span<const float> samples)>;

/// Decodes one stream while its bytes arrive. Never waits; its destructor ends what decodes. For one thread.
class StreamDecoding {
  public:
    virtual ~StreamDecoding() = default;

    /// A descriptor that can be written when give() takes more.
    virtual int input() const = 0;
    /// A descriptor that can be read when take() has something.
    virtual int output() const = 0;
    /// Gives bytes of the stream. Returns how many were taken: fewer while the decoder is busy. Fails with unsupported
    /// when the decoder has ended; take() says why.
    virtual Result<std::size_t> give(std::span<const std::byte> bytes) = 0;
    /// No more bytes come.
    virtual void end() = 0;
    /// Passes samples that are ready to `sink`: at most about a second, even when more are. Returns the summary after
    /// the last one. Fails like Decoder::decode().
    virtual Result<std::optional<DecodeSummary>> take(const std::function<void(std::span<const float>)>& sink) = 0;
};

/// Turns an audio file into PCM. Implementations are thread-safe; concurrent calls share no state.
class Decoder {
  public:
    virtual ~Decoder() = default;

    /// Decodes one audio stream of `source` into `sink`. Memory use does not grow with the length. Damaged frames are
    /// skipped and counted. Cover art and video are ignored.
    /// Fails with: not_available (cannot be opened or read), invalid_input (empty, without an audio stream, or without
    /// the one that the options ask for), unsupported (no decoder for it), corrupt (no frame could be decoded), timeout
    /// (deadline or stop).
    virtual Result<DecodeSummary> decode(const Source& source, const DecodeOptions& options,
                                         const PcmSink& sink) const = 0;

    /// Reads only headers and tags. Fails like decode().
    virtual Result<StreamInfo> probe(const Source& source, const Deadline& deadline) const = 0;

    /// Begins to decode a stream, whose name is for messages. It is not sought in, has no tags, and lasts as long as
    /// bytes come: the deadline of the options does not count. The decoder outlives it. Fails with not_available when
    /// no decoder can be started.
    virtual Result<std::unique_ptr<StreamDecoding>> decode_stream(const std::string& name,
                                                                  const DecodeOptions& options) const;
};

struct TagSettings {
    /// The encoding of 8-bit tags whose encoding cannot be told, by a name that ICU knows; empty: windows-1252.
    std::string fallback_encoding = {};
};

/// A decoder that runs the FFmpeg libraries in this process.
std::unique_ptr<Decoder> make_ffmpeg_decoder(TagSettings tags = {});

}  // namespace audio_ident::audio
