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

/// Everything that comes from decoding a file once.
struct Analysis {
    audio::DecodeSummary decoded;
    fingerprint::Fingerprint fingerprint;    ///< has peaks
    std::optional<std::string> chromaprint;  ///< absent when the file is too short for one
    double chromaprint_seconds = 0;          ///< of audio that the Chromaprint covers
    audio::WaveformPeaks waveform;
    std::optional<TrackEmbedding> embedding;  ///< absent when none is wanted, or it failed
    std::optional<Error> embedding_failure;   ///< why it is absent, when it failed
};

/// Decodes a file once and feeds everything that the stores keep of it. Each ingest worker has one. Not thread-safe.
class Analyzer {
  public:
    virtual ~Analyzer() = default;

    /// `stream`: see audio::DecodeOptions. Fails like audio::Decoder::decode(), and with invalid_input when the file
    /// has no music to index: less than kMinSeconds of audio, or silence.
    virtual Result<Analysis> analyse(const std::filesystem::path& path, std::optional<int> stream,
                                     const Deadline& deadline) = 0;
};

/// Shorter audio cannot be found: the landmarks of a fingerprint reach as far as this.
inline constexpr double kMinSeconds = 1.0;

using MakeAnalyzer = std::function<std::unique_ptr<Analyzer>()>;

}  // namespace audio_ident::ingest
