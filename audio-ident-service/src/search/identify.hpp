#pragma once

#include <vector>

#include "audio/decoder.hpp"
#include "catalog/catalog.hpp"
#include "embedding/embedder.hpp"
#include "search/exact_lane.hpp"
#include "search/response.hpp"
#include "search/vibe_lane.hpp"

namespace audio_ident::search {

inline constexpr double kDefaultMinSeconds = 3;
/// Of a longer recording only the beginning is searched.
inline constexpr double kMaxSeconds = 600;
/// The vibe lane listens to the beginning only.
inline constexpr double kVibeSeconds = 120;
/// An exact match this sure is what the clip is, so that it is left out of what sounds like the clip.
inline constexpr double kSure = 0.9;

/// What the vibe lane works with; both outlive the search.
struct VibeParts {
    const embedding::Embedder* embedder = nullptr;
    const VibeLane* lane = nullptr;
};

struct IdentifyParts {
    const audio::Decoder& decoder;
    catalog::Catalog& catalog;
    const ExactLane& exact;
    /// Or what is missing, and what to do about it.
    Result<VibeParts> vibe = Unexpected(Error{ErrorKind::not_available, "there is no vibe lane", {}});
};

/// Of a recording longer than kMaxSeconds either the beginning is searched, or it is refused: AUDIO_TOO_LONG.
enum class TooLong { cut, refuse };

/// Each lane has its own deadline.
struct IdentifyOptions {
    ExactOptions exact;
    VibeOptions vibe = {};
    double min_seconds = kDefaultMinSeconds;  ///< of decoded audio, at least kShortestClipSeconds
    SearchMode mode = SearchMode::exact;
    TooLong length = TooLong::cut;
};

/// An answer, and the tracks in it as the catalog has them, in the order of the response's matches.
struct Identification {
    SearchResponse response;
    std::vector<catalog::Track> tracks;
    std::vector<catalog::Track> vibe_tracks;
};

/// Which recording is this clip, and what sounds like it? Both lanes run at the same time, each decoding as much as its
/// answer needs; in `both`, one that fails, is late or missing leaves the other's answer, and the response says so. Tracks
/// that are not ready, or were removed meanwhile, are left out.
/// Fails with the contract's codes: FILE_NOT_FOUND, UNSUPPORTED_FORMAT, AUDIO_TOO_SHORT, AUDIO_TOO_LONG; SEARCH_TIMEOUT and
/// SERVICE_UNAVAILABLE when no lane is left. Thread-safe.
Result<Identification> identify(const IdentifyParts& parts, const audio::Source& clip, const IdentifyOptions& options);

/// The lane's answer in the contract's words, in its order; those not ready are left out. `rows` gets the tracks.
Result<std::vector<VibeMatch>> vibe_matches(catalog::Catalog& catalog, const std::vector<SoundAlike>& found,
                                            const std::string& model, std::vector<catalog::Track>& rows,
                                            const Deadline& deadline);

}  // namespace audio_ident::search
