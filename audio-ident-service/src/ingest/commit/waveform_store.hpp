#pragma once

#include <optional>
#include <span>
#include <string>

#include "audio/waveform.hpp"
#include "catalog/document_store.hpp"

namespace audio_ident::ingest {

/// Keeps the waveform of each track in a small document, named after the hash of the audio file's content
/// (docs/formats/waveform.md), so that it is never out of date. The program can make waveforms again from the audio: a
/// failure to write is not an error, and what cannot be read counts as absent. Thread-safe, also between processes.
class WaveformStore {
  public:
    /// `documents` outlives it.
    explicit WaveformStore(catalog::DocumentStore& documents) : documents_(&documents) {}

    struct Entry {
        std::string sha256;
        const audio::WaveformPeaks& peaks;
    };

    std::optional<audio::WaveformPeaks> find(const std::string& sha256) const;
    void put(std::span<const Entry> entries) const;
    void put(const std::string& sha256, const audio::WaveformPeaks& peaks) const {
        const Entry entry{sha256, peaks};
        put(std::span(&entry, 1));
    }
    void remove(const std::string& sha256) const;

  private:
    catalog::DocumentStore* documents_;
};

}  // namespace audio_ident::ingest
