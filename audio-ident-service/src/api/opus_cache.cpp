#include "api/opus_cache.hpp"

#include <algorithm>
#include <tuple>
#include <vector>

#include "lib/ffmpeg/sound_writer.hpp"
#include "util/atomic_file.hpp"
#include "util/path_text.hpp"

namespace audio_ident::api {

namespace fs = std::filesystem;

namespace {

constexpr int kBitsASecond = 80'000;  ///< for each channel

/// The name says which stream it is when the original has several.
std::string name_of(const catalog::Track& track, audio::Channels channels) {
    std::string name = track.file_hash_sha256;
    if (track.audio_stream && track.audio_streams.value_or(1) > 1) name += "." + std::to_string(*track.audio_stream);
    return name + (channels == audio::Channels::stereo ? ".stereo.opus" : ".opus");
}

Result<std::string> transcode(const audio::Decoder& decoder, const catalog::Track& track, audio::Channels channels,
                              const Deadline& deadline) {
    const fs::path original = util::path_from_text(track.file_path).value_or("");
    try {
        const int count = static_cast<int>(channels);
        ffmpeg::SoundWriter writer(ffmpeg::opus_in_memory(count, count * kBitsASecond));
        audio::DecodeOptions options;
        options.sample_rate_hz = ffmpeg::kOpusSampleRateHz;
        options.deadline = deadline;
        options.channels = channels;
        options.stream = track.audio_stream;
        const auto decoded = decoder.decode(original, options, [&](std::span<const float> samples) {
            writer.write(samples);
            return audio::Flow::proceed;
        });
        if (!decoded) return forward(decoded);
        return writer.finish();
    } catch (const std::exception& error) {
        return fail(ErrorKind::internal, "cannot transcode {}: {}", original.string(), error.what());
    }
}

}  // namespace

Result<fs::path> OpusCache::find(const audio::Decoder& decoder, const catalog::Track& track, audio::Channels channels,
                                 const Deadline& deadline) const {
    const fs::path path = folder_ / name_of(track, channels);
    std::error_code error;
    if (fs::exists(path, error)) return path;
    const auto bytes = transcode(decoder, track, channels, deadline);
    if (!bytes) return forward(bytes);
    forget_old();
    fs::create_directories(folder_, error);
    // Durable although this is a cache: nobody checks its files, so a damaged one would be played for years.
    if (auto written = util::replace_file(path, *bytes, util::Durability::power_cut); !written) return forward(written);
    return path;
}

void OpusCache::forget_old() const {
    std::vector<std::tuple<fs::file_time_type, fs::path, std::uintmax_t>> files;
    std::uintmax_t total = 0;
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(folder_, error)) {
        files.emplace_back(entry.last_write_time(error), entry.path(), entry.file_size(error));
        total += std::get<2>(files.back());
    }
    std::sort(files.begin(), files.end());
    for (const auto& [time, path, size] : files) {
        if (total <= kMaxBytes) return;
        fs::remove(path, error);
        total -= size;
    }
}

}  // namespace audio_ident::api
