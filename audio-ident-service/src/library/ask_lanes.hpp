#pragma once

#include <optional>
#include <vector>

#include "library/lanes.hpp"

namespace audio_ident::library {

/// The answers of both lanes; nullopt for a lane that was not asked.
struct LaneAnswers {
    std::optional<Result<std::vector<search::RecordingMatch>>> exact;
    std::optional<Result<VibeAnswer>> vibe;
};

/// Asks the lanes that the request names, at the same time.
///
/// When the exact lane is sure (kNamedConfidence) which recording the clip is from, the vibe lane is asked with the
/// vectors of that recording at that second: they have no noise and no room in them, and no network runs. The exact
/// lane is asked for that with Mode::vibe too, where the recording itself is then the most similar track. A clip that
/// is not known, and one of a recording without vectors, is described as it sounds.
LaneAnswers ask_lanes(const IdentifyParts& parts, const audio::Source& clip, const IdentifyRequest& request,
                      const Deadline& deadline);

}  // namespace audio_ident::library
