#pragma once

#include <functional>
#include <span>
#include <vector>

#include "audio/decoder.hpp"
#include "catalog/catalog.hpp"
#include "core/executor.hpp"
#include "embedding/embedder.hpp"
#include "library/identification.hpp"
#include "search/exact_lane.hpp"
#include "search/vibe_lane.hpp"

namespace audio_ident::library {

/// The parts of the vibe lane. The embedder must outlive the search.
struct VibeParts {
    const embedding::Embedder* embedder = nullptr;
    search::VibeLane lane;
};

/// The parts of a search. All must outlive it.
struct IdentifyParts {
    const audio::Decoder& decoder;
    catalog::Catalog& catalog;
    const search::ExactLane& exact;
    /// Called within the time of the vibe lane. Fails and says what is missing, and what to do about it.
    std::function<Result<VibeParts>(const Deadline&)> vibe;
    /// Runs the lanes in parallel, or one after the other when it has no thread.
    Executor& lanes;
};

/// The only place that puts the search of a clip together; see Library::identify(). The lanes end before the deadline
/// of the request, and at least two seconds remain to look up the tracks that they found. So a lane that needs all its
/// time does not cost the answer of the other one.
Result<Identification> identify(const IdentifyParts& parts, const audio::Source& clip, const IdentifyRequest& request);

/// The rows of the tracks that a vibe lane found, in its order. Fails with store_unavailable.
Result<std::vector<SoundMatch>> name_sounds(catalog::Catalog& catalog, std::span<const search::SoundAlike> found,
                                            const Deadline& deadline);

/// An error of a search: a timeout becomes search_timeout; anything else that has no reason yet gets `reason`.
Error search_error(Error error, Reason reason);

}  // namespace audio_ident::library
