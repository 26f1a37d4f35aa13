#pragma once

#include "audio/decoder.hpp"
#include "ingest/analyzer.hpp"
#include "ingest/duplicate_index.hpp"

namespace audio_ident::ingest {

/// The real analyzer: decoder → fingerprint extractor, Chromaprint and waveform. `decoder` outlives what is made.
MakeAnalyzer decoding_analyzer(const audio::Decoder& decoder);

/// audio/chromaprint.hpp's functions.
ChromaprintFunctions chromaprint_functions();

}  // namespace audio_ident::ingest
