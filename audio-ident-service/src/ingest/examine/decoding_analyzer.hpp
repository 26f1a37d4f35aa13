#pragma once

#include "audio/decoder.hpp"
#include "embedding/embedder.hpp"
#include "ingest/examine/analyzer.hpp"

namespace audio_ident::ingest {

/// Makes analyzers that decode: decoder → fingerprint extractor, Chromaprint, waveform and, if there is one, embedder.
/// When the embedding fails, the rest of the analysis is still whole. Decoder and embedder outlive the analyzers.
MakeAnalyzer decoding_analyzer(const audio::Decoder& decoder, const embedding::Embedder* embedder = nullptr);

/// Decodes a file for an embedder alone. `audio_stream`: see audio::DecodeOptions. Fails like audio::Decoder::decode()
/// and embedding::EmbeddingStream.
Result<TrackEmbedding> embed_file(const audio::Decoder& decoder, const embedding::Embedder& embedder,
                                  const std::filesystem::path& path, std::optional<int> audio_stream,
                                  const Deadline& deadline);

}  // namespace audio_ident::ingest
