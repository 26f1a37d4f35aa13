#include "library/cut_out.hpp"

#include <algorithm>
#include <cmath>
#include <system_error>

#include "lib/ffmpeg/error.hpp"
#include "lib/ffmpeg/sound_writer.hpp"
#include "util/utf8.hpp"

namespace audio_ident::library {
namespace {

namespace fs = std::filesystem;

constexpr int kLeastRate = 8000;
constexpr int kMostRate = 96000;

ffmpeg::SoundWriter::Tags tags_of(const Stretch& stretch) {
    ffmpeg::SoundWriter::Tags tags{{"title", stretch.title}};
    if (stretch.artist) tags.emplace_back("artist", *stretch.artist);
    if (stretch.album) tags.emplace_back("album", *stretch.album);
    return tags;
}

Unexpected with_reason(Error error) {
    if (error.reason == Reason::unspecified && error.kind == ErrorKind::not_available)
        error.reason = Reason::file_not_found;
    return Unexpected(std::move(error));
}

/// Passes on the samples within a range of them.
class Cutter {
  public:
    Cutter(ffmpeg::SoundWriter& writer, std::int64_t begin, std::int64_t end)
        : writer_(writer), begin_(begin), end_(end) {}

    audio::Flow take(std::span<const float> samples) {
        const auto size = static_cast<std::int64_t>(samples.size());
        const auto from = std::clamp(begin_ - at_, std::int64_t{0}, size);
        const auto to = std::clamp(end_ - at_, std::int64_t{0}, size);
        if (from < to)
            writer_.write(samples.subspan(static_cast<std::size_t>(from), static_cast<std::size_t>(to - from)));
        written_ = written_ || from < to;
        at_ += size;
        return at_ < end_ ? audio::Flow::proceed : audio::Flow::stop;
    }
    bool has_written() const { return written_; }

  private:
    ffmpeg::SoundWriter& writer_;
    std::int64_t begin_;
    std::int64_t end_;
    std::int64_t at_ = 0;
    bool written_ = false;
};

Result<void> write_stretch(const audio::Decoder& decoder, const audio::Source& recording, const Stretch& stretch,
                           const fs::path& file, const Deadline& deadline) {
    const auto info = decoder.probe(recording, deadline);
    if (!info) return with_reason(info.error());
    audio::DecodeOptions options;
    options.sample_rate_hz = std::clamp(info->sample_rate_hz, kLeastRate, kMostRate);
    options.channels = info->channels > 1 ? audio::Channels::stereo : audio::Channels::mono;
    options.deadline = deadline;
    options.fill_gaps = true;  // as the timeline that the stretch is from
    const int channels = static_cast<int>(options.channels);
    const auto sample_at = [&](double seconds) {
        return std::llround(std::min(seconds, 1e9) * options.sample_rate_hz) * channels;
    };
    ffmpeg::SoundWriter writer(ffmpeg::flac_file(file, options.sample_rate_hz, channels, tags_of(stretch)));
    Cutter cutter(writer, sample_at(stretch.begin_seconds), sample_at(stretch.end_seconds));
    const auto decoded =
        decoder.decode(recording, options, [&](std::span<const float> samples) { return cutter.take(samples); });
    if (!decoded) return with_reason(decoded.error());
    if (!cutter.has_written())
        return fail(ErrorKind::invalid_input, "the recording ends before {:.1f} s", stretch.begin_seconds);
    writer.finish();
    return {};
}

}  // namespace

Result<void> cut_out(const audio::Decoder& decoder, const audio::Source& recording, const Stretch& stretch,
                     const fs::path& file, const Deadline& deadline) {
    const bool is_stretch = stretch.begin_seconds >= 0 && stretch.begin_seconds < stretch.end_seconds;
    if (!is_stretch) return fail(ErrorKind::invalid_input, "the stretch must end after it begins");
    Result<void> written;
    try {
        written = write_stretch(decoder, recording, stretch, file, deadline);
    } catch (const ffmpeg::Error& error) {
        written = fail(ErrorKind::not_available, "cannot write {}: {}", file.string(), error.what());
    }
    std::error_code ignored;
    if (!written) fs::remove(file, ignored);
    return written;
}

std::string file_name_of(const Stretch& stretch) {
    static constexpr std::size_t kMostBytes = 195;
    std::string name;
    for (const char c : stretch.artist ? *stretch.artist + " - " + stretch.title : stretch.title) {
        const bool plain = c != '/' && c != '\\' && static_cast<unsigned char>(c) >= ' ' && c != '\x7F';
        if (!(name.empty() && c == '.')) name += plain ? c : '_';
    }
    if (name.size() > kMostBytes) {
        name.resize(kMostBytes);
        while (!name.empty() && !util::is_utf8(name)) name.pop_back();
    }
    return (name.empty() ? "stretch" : name) + ".flac";
}

}  // namespace audio_ident::library
