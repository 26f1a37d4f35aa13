#include "timeline/scout.hpp"

#include "search/passes.hpp"

namespace audio_ident::timeline {

namespace {

constexpr float kLeastZ = 4;
constexpr double kSure = 0.5;  // confidence
constexpr std::size_t kMost = 8;

}  // namespace

bool is_sharp(const search::Evidence& found) {
    constexpr float kLeastSharpness = 2.5F;
    return found.match.sharpness >= kLeastSharpness;
}

Scouted scout(search::ClipSearch& window, Effort effort) {
    Scouted scouted{search::quick_pass(window)};
    auto& found = scouted.found;
    if (effort != Effort::quick && !search::at_least(found, search::kSureAfterQuickPass)) {
        found = search::thorough_pass(window);
        scouted.effort = Effort::thorough;
    }
    if (effort == Effort::transformed && scouted.effort == Effort::thorough &&
        !search::at_least(found, search::kSureAfterThoroughPass)) {
        found = search::transformed_passes(window, Deadline::never());
        scouted.effort = Effort::transformed;
    }
    std::erase_if(found, [](const search::Evidence& one) {
        return one.match.z < kLeastZ || (!is_sharp(one) && one.confidence < kSure);
    });
    if (found.size() > kMost) found.resize(kMost);
    return scouted;
}

}  // namespace audio_ident::timeline
