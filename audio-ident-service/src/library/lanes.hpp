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
};
/// With Mode::both this returns more matches than requested, because those that the exact lane finds are removed later.
Result<VibeAnswer> vibe_lane(const IdentifyParts& parts, const audio::Source& clip, const IdentifyRequest& request,
                             const Deadline& deadline);

}  // namespace audio_ident::library
