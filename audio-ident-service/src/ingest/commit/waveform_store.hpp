#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "audio/waveform.hpp"

namespace audio_ident::ingest {

/// The waveforms of tracks, a small file each, by the hash of the audio file's content (docs/formats/waveform.md): never
/// out of date, and nothing is lost with them, for they can be made again from the audio. So a failure to write is no
/// error, a file that is damaged is none. Thread-safe, also between processes.
class WaveformStore {
  public:
    explicit WaveformStore(std::filesystem::path folder) : folder_(std::move(folder)) {}

    std::optional<audio::WaveformPeaks> find(const std::string& sha256) const;
    void put(const std::string& sha256, const audio::WaveformPeaks& peaks) const;
    void remove(const std::string& sha256) const;

  private:
    std::filesystem::path path_of(const std::string& sha256) const;

    std::filesystem::path folder_;
};

}  // namespace audio_ident::ingest
