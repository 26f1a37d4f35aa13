#pragma once

#include <memory>
#include <span>
#include <vector>

#include "catalog/catalog.hpp"
#include "core/executor.hpp"
#include "index/fingerprint/reader.hpp"
#include "live/event.hpp"
#include "search/calibration.hpp"

// An answer while the sound still plays: what a door asks, and what it gets.

namespace audio_ident::library {

struct ListenRequest {
    Deadline deadline = {};  ///< ends the listening: a stop; it lasts as long as sound comes
};

/// What the live answer says, with the rows of the tracks that it names, in its order.
struct NamedEvent {
    live::Event event;
    std::vector<catalog::Track> tracks = {};
};

/// Listens to one sound. For one thread at a time.
class LiveAnswer {
  public:
    virtual ~LiveAnswer() = default;

    /// Takes mono samples at fingerprint::kSampleRateHz, and tells what they changed. Fails with timeout (deadline or
    /// stop) and store_unavailable.
    virtual Result<std::vector<NamedEvent>> consume(std::span<const float> samples) = 0;
    /// The sound is over. Call once. Fails as consume().
    virtual Result<std::vector<NamedEvent>> finish() = 0;
};

/// What a live answer is made with; all outlive it, but for the calibration.
struct ListenParts {
    catalog::Catalog& catalog;
    index::FingerprintIndexReader& index;
    Executor& computing;  ///< searches run on it
    search::Calibration calibration = {};
};

/// The only place where a live answer is put together. Tracks that are not ready, or were removed, are not named.
std::unique_ptr<LiveAnswer> make_live_answer(const ListenParts& parts, const ListenRequest& request);

}  // namespace audio_ident::library
