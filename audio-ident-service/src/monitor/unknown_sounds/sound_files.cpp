#include "monitor/unknown_sounds/sound_files.hpp"

#include <algorithm>
#include <system_error>

#include "fingerprint/params.hpp"
#include "lib/ffmpeg/error.hpp"
#include "lib/ffmpeg/sound_writer.hpp"
#include "util/atomic_file.hpp"
#include "util/durable_folder.hpp"

namespace audio_ident::monitor {
namespace {

namespace fs = std::filesystem;

constexpr auto kSound = ".flac";

std::vector<fs::path> entries_of(const fs::path& folder) {
    std::vector<fs::path> entries;
    std::error_code error;
    for (fs::directory_iterator next(folder, error), end; !error && next != end; next.increment(error))
        entries.push_back(next->path());
    return entries;
}

bool is_one_of(std::span<const Uuid> ids, const fs::path& name) {
    const auto id = Uuid::parse(name.stem().string());
    return !id || std::ranges::find(ids, *id) != ids.end();
}

}  // namespace

fs::path SoundFiles::file(const Uuid& monitor, const Uuid& sound) const {
    return folder_ / monitor.to_string() / (sound.to_string() + kSound);
}

bool SoundFiles::has(const Uuid& monitor, const Uuid& sound) const {
    std::error_code error;
    return fs::exists(file(monitor, sound), error);
}

Result<void> SoundFiles::write(const Uuid& monitor, const Uuid& sound, std::span<const float> samples) const {
    const auto path = file(monitor, sound);
    if (auto made = util::make_durable_folder(path.parent_path()); !made) return made;
    auto written = util::AtomicFile::create(path, util::Durability::power_cut);
    if (!written) return forward(written);
    try {
        ffmpeg::SoundWriter writer(ffmpeg::flac_file(written->temporary(), fingerprint::kSampleRateHz, 1, {}));
        writer.write(samples);
        writer.finish();
    } catch (const ffmpeg::Error& error) {
        return fail(ErrorKind::not_available, "cannot write {}: {}", path.string(), error.what());
    }
    return written->commit();
}

void SoundFiles::keep_only(const Uuid& monitor, std::span<const Uuid> sounds) const {
    std::error_code ignored;
    for (const auto& path : entries_of(folder_ / monitor.to_string())) {
        if (path.extension() == kSound && !is_one_of(sounds, path.filename())) fs::remove(path, ignored);
    }
}

void SoundFiles::keep_only(std::span<const Uuid> monitors) const {
    std::error_code ignored;
    for (const auto& path : entries_of(folder_)) {
        if (path.extension().empty() && !is_one_of(monitors, path.filename())) fs::remove_all(path, ignored);
    }
}

}  // namespace audio_ident::monitor
