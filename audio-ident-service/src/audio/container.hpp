#pragma once

#include "audio/decoder.hpp"
#include "audio/input.hpp"
#include "lib/ffmpeg/format_context.hpp"
#include "lib/ffmpeg/io.hpp"
#include "lib/ffmpeg/log.hpp"

struct AVCodec;

namespace audio_ident::audio {

/// An opened recording at its start, with the audio stream to decode. Use it only on the thread that opened it, because
/// failure messages come from that thread's FFmpeg log.
class Container {
  public:
    /// Fails like Decoder::decode().
    static Result<std::unique_ptr<Container>> open(Input input, const Deadline& deadline,
                                                   std::optional<int> stream = {});

    const std::string& name() const { return input_.name; }
    const StreamInfo& info() const { return info_; }
    /// How long a header states that the stream lasts, of which `decoded_seconds` could be decoded. Absent where none
    /// does.
    std::optional<double> stated_seconds(double decoded_seconds) const;
    const AVStream& stream() const { return *stream_; }
    const AVCodec& codec() const { return *codec_; }

    /// The time stamp of the first sample, in units of the stream. Samples before time 0 are the codec's own.
    std::int64_t first_timestamp() const;
    /// Goes to a packet at or before a time stamp in seconds, so that the next read() gives it. Stays at the beginning
    /// where the container cannot be searched.
    void seek(double seconds);
    /// Reads the next packet of the chosen stream. Returns 0 or an AVERROR code.
    int read(ffmpeg::Packet& packet);
    /// Whether packets follow one another without a container, so that nobody knows how many lie in a damaged part.
    bool has_bare_packets() const;
    /// How many bytes of the recording have been read.
    std::int64_t position() const;
    /// Fails when reading was interrupted or the medium failed. Both can look like the end of the file.
    Result<void> check_medium() const;
    /// Turns an FFmpeg error code into an Error that says what it means for this recording.
    Unexpected failure(int code, const char* doing) const;

  private:
    Container(Input input, const Deadline& deadline);
    Result<void> open_format();
    /// `number` is DecodeOptions::stream.
    Result<void> choose_stream(std::optional<int> number);
    Unexpected no_stream(std::optional<int> number, int audio_streams, const AVStream* undecodable) const;
    Unexpected cannot_read(int code) const;
    Unexpected out_of_time() const;
    /// What its first bytes tell of a file that FFmpeg cannot read.
    std::optional<Unexpected> told_by_head() const;

    ffmpeg::LogCapture log_;
    Input input_;
    Deadline deadline_;
    ffmpeg::IoContext io_;
    std::optional<ffmpeg::FormatContext> format_;
    AVStream* stream_ = nullptr;
    const AVCodec* codec_ = nullptr;
    StreamInfo info_;
};

}  // namespace audio_ident::audio
