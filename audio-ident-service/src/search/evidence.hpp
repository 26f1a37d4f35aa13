#pragma once

#include <vector>

#include "core/track_id.hpp"
#include "search/confidence.hpp"
#include "search/judged.hpp"

namespace audio_ident::search {

/// All that the exact lane knows about one track that the clip may come from.
struct Evidence {
    TrackId track;
    Judged match;
    MatchFeatures features;
    double confidence = 0;
    std::vector<double> also_offsets;
    bool other_version = false;
};

}  // namespace audio_ident::search
