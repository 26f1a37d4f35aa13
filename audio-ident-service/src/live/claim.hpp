#pragma once

namespace audio_ident::live {

/// The confidence that a look needs to claim a match by itself, and the one that it needs when the look before named
/// the same track at the same place. Strict while the window is short: a clip is looked at many times, and each look is
/// a chance of a false claim (docs/live.md has the figures).
struct ClaimRule {
    double alone = 1;
    double again = 1;
};
inline constexpr double kBefore = 0.4;  ///< that the look before must have had
ClaimRule claim_rule(double window_seconds);

}  // namespace audio_ident::live
