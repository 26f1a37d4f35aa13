#include "timeline/scout.hpp"

#include "search/passes.hpp"

namespace audio_ident::timeline {

namespace {

constexpr float kLeastZ = 4;
constexpr float kLeastSharpness = 2.5F;
constexpr std::size_t kMost = 8;

}  // namespace

std::vector<search::Evidence> scout(search::ClipSearch& window, Effort effort) {
    auto found = search::quick_pass(window);
    if (effort != Effort::quick && !search::at_least(found, search::kSureAfterQuickPass)) {
        found = search::thorough_pass(window);
        if (effort == Effort::transformed && !search::at_least(found, search::kSureAfterThoroughPass))
            found = search::transformed_passes(window, Deadline::never());
    }
    std::erase_if(found, [](const search::Evidence& one) {
        return one.match.z < kLeastZ || one.match.sharpness < kLeastSharpness;
    });
    if (found.size() > kMost) found.resize(kMost);
    return found;
}

}  // namespace audio_ident::timeline
