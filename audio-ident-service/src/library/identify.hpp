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

/// What the vibe lane works with; the embedder outlives the search.
struct VibeParts {
    const embedding::Embedder* embedder = nullptr;
    search::VibeLane lane;
};

/// What a search works with; all outlive it.
struct IdentifyParts {
    const audio::Decoder& decoder;
    catalog::Catalog& catalog;
    const search::ExactLane& exact;
    /// Called within the vibe lane's own time. Fails with what is missing, and what to do about it.
    std::function<Result<VibeParts>(const Deadline&)> vibe;
    /// The lanes run side by side on it; one after the other where it has no thread.
    Executor& lanes;
};

/// The only place where a clip's search is put together; Library::identify() says what it answers. The lanes end before
/// the request's deadline, and naming what they found has at least two seconds of its own: a lane that needs all its
/// time costs nobody the other's answer.
Result<Identification> identify(const IdentifyParts& parts, const audio::Source& clip, const IdentifyRequest& request);

/// The tracks of a vibe lane's answer, in its order. Fails with store_unavailable.
Result<std::vector<SoundMatch>> name_sounds(catalog::Catalog& catalog, std::span<const search::SoundAlike> found,
                                            const Deadline& deadline);

/// An error of a search: a timeout becomes search_timeout; anything else that has no reason yet gets `reason`.
Error search_error(Error error, Reason reason);

}  // namespace audio_ident::library
