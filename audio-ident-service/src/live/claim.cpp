#include "live/claim.hpp"

namespace audio_ident::live {

ClaimRule claim_rule(double window_seconds) {
    constexpr double kNever = 2;
    if (window_seconds < 1.4) return {0.97, kNever};
    if (window_seconds < 2.9) return {0.93, 0.7};
    return {0.85, 0.5};
}

}  // namespace audio_ident::live
