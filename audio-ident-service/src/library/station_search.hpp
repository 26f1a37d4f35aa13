#pragma once

#include <chrono>
#include <vector>

#include "audio/decoder.hpp"
#include "catalog/monitor_store.hpp"
#include "core/executor.hpp"
#include "index/fingerprint/reader.hpp"
#include "library/identification.hpp"

// Which station played a clip, and when: what a door asks, and what it gets.

namespace audio_ident::library {

/// A station that played the clip.
struct StationMatch {
    catalog::MonitorRow station;
    catalog::Timestamp played_at{};  ///< when the clip's first sample was played, as the service heard it
    double seconds_behind = 0;       ///< from when its last sample was played to the request
    double confidence = 0;           ///< probability that this is right, 0-1
};

/// The best first; of those that fit equally well the latest. A station that played the clip several times is there
/// several times.
struct StationMatches {
    std::vector<StationMatch> matches;
    std::chrono::duration<double, std::milli> elapsed{};
};

/// What the search is made with; all outlive it.
struct StationParts {
    const audio::Decoder& decoder;
    catalog::MonitorStore& monitors;
    index::FingerprintIndexReader* rolling = nullptr;  ///< null: no station has been heard
    Executor& computing;                               ///< searches run on it
};

/// The only place where this search is put together; see Library::stations(). Only the last minute of a longer clip is
/// looked for, its end first.
Result<StationMatches> find_stations(const StationParts& parts, const audio::Source& clip,
                                     const IdentifyRequest& request);

}  // namespace audio_ident::library
