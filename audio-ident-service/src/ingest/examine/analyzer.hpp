#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "audio/decoder.hpp"
#include "audio/waveform.hpp"
#include "core/deadline.hpp"
#include "core/result.hpp"
#include "fingerprint/fingerprint.hpp"
#include "ingest/examine/track_embedding.hpp"

namespace audio_ident::ingest {

/// All that one decode of a file gives.
struct Analysis {
    audio::DecodeSummary decoded;
    fingerprint::Fingerprint fingerprint;    ///< has peaks
    std::optional<std::string> chromaprint;  ///< absent when the file is too short for one
    double chromaprint_seconds = 0;          ///< of audio it covers
    audio::WaveformPeaks waveform;
    std::optional<TrackEmbedding> embedding;  ///< absent when none is wanted, or it failed
    std::optional<Error> embedding_failure;   ///< why it is absent, when it failed
};

/// Decodes a file once and feeds everything the index keeps of it; one an ingest worker, not thread-safe.
class Analyzer {
  public:
    virtual ~Analyzer() = default;

    /// Fails like audio::Decoder::decode(), and with invalid_input when there is no music to index in it: less than
    /// kMinSeconds of audio, or silence.
    virtual Result<Analysis> analyse(const std::filesystem::path& path, const Deadline& deadline) = 0;
};

/// Less than that holds nothing to find: a fingerprint's landmarks reach as far.
inline constexpr double kMinSeconds = 1.0;

using MakeAnalyzer = std::function<std::unique_ptr<Analyzer>()>;

}  // namespace audio_ident::ingest
