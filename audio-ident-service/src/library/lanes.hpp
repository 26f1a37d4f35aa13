#pragma once

#include <vector>

#include "library/identify.hpp"

namespace audio_ident::library {

/// What a lane finds for a clip; each decodes as much of it as the answer needs. Fail as Library::identify() says; an
/// error with search_timeout says what the lane spent its time on.
Result<std::vector<search::RecordingMatch>> exact_lane(const IdentifyParts& parts, const audio::Source& clip,
                                                       const IdentifyRequest& request, const Deadline& deadline);

struct VibeAnswer {
    std::string model;
    std::vector<search::SoundAlike> found;
};
/// With Mode::both there are more matches than asked for, as those that the exact lane names are left out later.
Result<VibeAnswer> vibe_lane(const IdentifyParts& parts, const audio::Source& clip, const IdentifyRequest& request,
                             const Deadline& deadline);

}  // namespace audio_ident::library
