#pragma once

#include <filesystem>
#include <functional>
#include <string>

#include "audio/decoder.hpp"
#include "catalog/catalog.hpp"
#include "http/write_turns.hpp"
#include "index/fingerprint/reader.hpp"
#include "index/fingerprint/writer.hpp"
#include "ingest/ingest.hpp"
#include "search/calibration.hpp"
#include "search/vibe_library.hpp"
#include "util/file_lock.hpp"

namespace audio_ident::http {

/// What the routes work with; app/ wires it. All of it is thread-safe and outlives the routes.
struct Library {
    catalog::Catalog& catalog;
    index::FingerprintIndexReader& fingerprints;
    index::FingerprintIndexWriter& fingerprint_writer;
    search::Calibration calibration;
    const audio::Decoder& decoder;
    ingest::MakeAnalyzer make_analyzer;
    ingest::ChromaprintFunctions chromaprint;
    std::filesystem::path duplicate_notes;
    ingest::WaveformStore waveforms;
    WriteTurns& turns;
    /// The lock that every change of the library needs. Who is not a job asks `turns` for one before.
    std::function<Result<util::FileLock>(const std::string& purpose, const Deadline& deadline)> lock;

    /// The vibe lane, or what is missing.
    Result<search::VibeLibrary*> vibe = Unexpected(Error{ErrorKind::not_available, "there is no vibe lane", {}});
    /// For tracks that get vectors; none: the exact lane alone.
    index::BothLanesWriter* lanes = nullptr;
    index::VectorIndexWriter* vectors = nullptr;
    std::function<Result<void>(std::span<const TrackId>, const Deadline&)> forget_vectors = {};  ///< see ingest::Stores

    ingest::Stores stores() const {
        return {.catalog = catalog,
                .fingerprints = fingerprint_writer,
                .waveforms = waveforms,
                .lanes = lanes,
                .vectors = vectors,
                .forget_vectors = forget_vectors};
    }
};

}  // namespace audio_ident::http
