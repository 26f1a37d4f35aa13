#include "support/encode.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <stdexcept>
#include <string_view>

#include "support/process.hpp"
#include "support/temp_folder.hpp"

namespace audio_ident::test {

namespace {

void put(Bytes& out, std::uint32_t value, int bytes) {
    for (int i = 0; i < bytes; ++i) out.push_back(static_cast<std::byte>(value >> (8 * i)));
}

void put(Bytes& out, std::string_view text) {
    for (const char c : text) out.push_back(static_cast<std::byte>(c));
}

}  // namespace

Bytes wav_bytes(const Clip& clip) {
    const auto channels = static_cast<std::uint32_t>(clip.channels);
    const auto rate = static_cast<std::uint32_t>(clip.sample_rate_hz);
    const auto data_bytes = static_cast<std::uint32_t>(clip.samples.size() * 2);
    Bytes out;
    out.reserve(44 + data_bytes);
    put(out, "RIFF");
    put(out, 36 + data_bytes, 4);
    put(out, "WAVEfmt ");
    put(out, 16, 4);
    put(out, 1, 2);  // PCM
    put(out, channels, 2);
    put(out, rate, 4);
    put(out, rate * channels * 2, 4);
    put(out, channels * 2, 2);
    put(out, 16, 2);
    put(out, "data");
    put(out, data_bytes, 4);
    for (const float sample : clip.samples) {
        const float step = std::clamp(std::round(sample * 32768.0F), -32768.0F, 32767.0F);
        put(out, static_cast<std::uint32_t>(static_cast<std::int32_t>(step)), 2);
    }
    return out;
}

void write_wav(const std::filesystem::path& path, const Clip& clip) {
    write_file(path, wav_bytes(clip));
}

void encode(const Clip& clip, const std::filesystem::path& output, const std::vector<std::string>& options) {
    const TempFolder folder;
    const std::filesystem::path wav = folder / "clip.wav";
    write_wav(wav, clip);
    std::vector<std::string> arguments{"-i", wav.string()};
    arguments.insert(arguments.end(), options.begin(), options.end());
    // Without this prefix, ffmpeg would read a ':' in the name as a protocol.
    arguments.push_back("file:" + output.string());
    run_ffmpeg(arguments);
}

void run_ffmpeg(const std::vector<std::string>& arguments) {
    std::vector<std::string> all{"ffmpeg", "-hide_banner", "-nostdin", "-loglevel", "error", "-y"};
    all.insert(all.end(), arguments.begin(), arguments.end() - 1);
    // Without this, Ogg serial numbers and dates would differ between runs.
    all.insert(all.end(), {"-fflags", "+bitexact"});
    all.push_back(arguments.back());
    const ProcessResult result = run_process(all);
    if (result.exit_code != 0) throw std::runtime_error("ffmpeg failed: " + result.err);
}

}  // namespace audio_ident::test
