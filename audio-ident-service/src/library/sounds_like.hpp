#pragma once

#include <functional>
#include <vector>

#include "library/timelines.hpp"

namespace audio_ident::library {

/// A track is named for an unknown stretch when it is at least this similar: one track in two hundred is by chance.
inline constexpr double kCloseSimilarity = 0.8;

/// What the description needs; all outlive it. `vibe` is called when there is something to describe.
struct SoundsLikeParts {
    const audio::Decoder& decoder;
    catalog::Catalog& catalog;
    Executor& computing;
    const std::function<Result<VibeParts>(const Deadline&)>& vibe;
};

/// Tells for the unknown stretches of a recording which tracks they sound like.
///
/// Each stretch of kShortestDescribed or more is described by windows spread over it, three at most, which are decoded
/// from the recording again. Stretches of one name are described once, by the longest of them. At most three tracks are
/// named for each. Nothing is named without a vibe lane, or when the recording cannot be decoded again. Fails with
/// timeout (deadline or stop), and with the errors of the catalog.
Result<void> name_sounds_alike(const SoundsLikeParts& parts, const audio::Source& recording,
                               std::vector<NamedGap>& gaps, const Deadline& deadline);
inline constexpr double kShortestDescribed = 6;  ///< seconds

}  // namespace audio_ident::library
