#pragma once

#include <filesystem>
#include <span>
#include <vector>

#include "core/result.hpp"
#include "core/uuid.hpp"

namespace audio_ident::monitor {

/// Where the unknown sounds of the monitors are kept to be listened to: DATA_DIR/sounds/MONITOR/SOUND.flac.
/// Thread-safe.
class SoundFiles {
  public:
    explicit SoundFiles(const std::filesystem::path& data_dir) : folder_(data_dir / "sounds") {}

    std::filesystem::path file(const Uuid& monitor, const Uuid& sound) const;
    bool has(const Uuid& monitor, const Uuid& sound) const;
    const std::filesystem::path& folder() const { return folder_; }

    /// Writes mono samples at fingerprint::kSampleRateHz as FLAC. Fails with not_available; no file is left then.
    Result<void> write(const Uuid& monitor, const Uuid& sound, std::span<const float> samples) const;
    /// Removes the files of sounds that the monitor no longer has.
    void keep_only(const Uuid& monitor, std::span<const Uuid> sounds) const;
    /// Removes the folders of monitors that are gone.
    void keep_only(std::span<const Uuid> monitors) const;

  private:
    std::filesystem::path folder_;
};

}  // namespace audio_ident::monitor
