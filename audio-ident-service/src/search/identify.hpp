#pragma once

#include <vector>

#include "audio/decoder.hpp"
#include "catalog/catalog.hpp"
#include "search/exact_lane.hpp"
#include "search/response.hpp"

namespace audio_ident::search {

inline constexpr double kDefaultMinSeconds = 3;
/// Of a longer recording only the beginning is searched.
inline constexpr double kMaxSeconds = 600;

struct IdentifyParts {
    const audio::Decoder& decoder;
    catalog::Catalog& catalog;
    const ExactLane& exact;
};

/// Of a recording longer than kMaxSeconds either the beginning is searched, or it is refused: AUDIO_TOO_LONG.
enum class TooLong { cut, refuse };

struct IdentifyOptions {
    ExactOptions exact;                       ///< its deadline holds for all of it
    double min_seconds = kDefaultMinSeconds;  ///< of decoded audio, at least kShortestClipSeconds
    SearchMode mode = SearchMode::exact;      ///< as it stands in the response
    TooLong length = TooLong::cut;
};

/// An answer, and the tracks in it as the catalog has them, in the order of the response's exact matches.
struct Identification {
    SearchResponse response;
    std::vector<catalog::Track> tracks;
};

/// Which recording is this clip? Decodes as much as the answer needs and searches it. Tracks that are not ready, or were
/// removed meanwhile, are left out. Fails with the contract's codes: FILE_NOT_FOUND, UNSUPPORTED_FORMAT,
/// AUDIO_TOO_SHORT, AUDIO_TOO_LONG, SEARCH_TIMEOUT, and SERVICE_UNAVAILABLE when a store does not answer. Thread-safe.
Result<Identification> identify(const IdentifyParts& parts, const audio::Source& clip, const IdentifyOptions& options);

}  // namespace audio_ident::search
