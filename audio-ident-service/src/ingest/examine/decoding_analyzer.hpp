#pragma once

#include "audio/decoder.hpp"
#include "embedding/embedder.hpp"
#include "ingest/examine/analyzer.hpp"

namespace audio_ident::ingest {

/// The real analyzer: decoder → fingerprint extractor, Chromaprint, waveform and, where there is one, embedder. An embedding that
/// fails leaves the rest of the analysis whole. Both outlive what is made.
MakeAnalyzer decoding_analyzer(const audio::Decoder& decoder, const embedding::Embedder* embedder = nullptr);

/// Decodes a file for an embedder alone. Fails like audio::Decoder::decode() and embedding::EmbeddingStream.
Result<TrackEmbedding> embed_file(const audio::Decoder& decoder, const embedding::Embedder& embedder,
                                  const std::filesystem::path& path, const Deadline& deadline);

}  // namespace audio_ident::ingest
