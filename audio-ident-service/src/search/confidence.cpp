#include "search/confidence.hpp"

#include <algorithm>
#include <cmath>

namespace audio_ident::search {

double confidence_of(const MatchFeatures& features) {
    const double ratio = features.z / std::max(3.0F, features.z_others);
    const double logit = 4.0 * (ratio - 2.4) + (features.transformed ? -0.5 : 0.0);
    return 1 / (1 + std::exp(-std::clamp(logit, -30.0, 30.0)));
}

}  // namespace audio_ident::search
