#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "audio/waveform.hpp"

namespace audio_ident::ingest {

/// Keeps the waveform of each track in a small file, named after the hash of the audio file's content
/// (docs/formats/waveform.md), so that it is never out of date. The program can make waveforms again from the audio: a
/// failure to write is not an error, and a damaged file counts as absent. Thread-safe, also between processes.
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
