#pragma once

#include <vector>

#include "library/identify.hpp"

namespace audio_ident::library {

/// The matches of one lane for a clip. Each lane decodes only as much of the clip as it needs. Fails like
/// Library::identify(). An error with search_timeout says where the lane's time went.
Result<std::vector<search::RecordingMatch>> exact_lane(const IdentifyParts& parts, const audio::Source& clip,
                                                       const IdentifyRequest& request, const Deadline& deadline);

struct VibeAnswer {
    std::string model;
    std::vector<search::SoundAlike> found;
    bool by_recording = false;  ///< see SoundMatches
};
/// With Mode::both this returns more matches than requested, because those that the exact lane finds are removed later.
Result<VibeAnswer> vibe_lane(const IdentifyParts& parts, const audio::Source& clip, const IdentifyRequest& request,
                             const Deadline& deadline);

/// The same with the vectors of the recording that the clip is from, ten seconds from where the clip begins to match.
/// With Mode::vibe the recording itself comes first. nullopt when the recording has no vectors.
Result<std::optional<VibeAnswer>> vibe_lane_of(const IdentifyParts& parts, const search::RecordingMatch& recording,
                                               const IdentifyRequest& request, const Deadline& deadline);

}  // namespace audio_ident::library
