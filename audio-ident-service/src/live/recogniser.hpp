#pragma once

#include <span>
#include <vector>

#include "core/executor.hpp"
#include "live/hypotheses.hpp"
#include "search/evidence.hpp"

namespace audio_ident::live {

/// Whether a look also tries other speeds and pitches, which costs most of the time.
enum class Speeds { as_recorded, all };

/// Recognises a window of sound that grows at its end, and later slides. Each look looks up only the landmarks of the
/// sound that is new, and verifies all that was found so far on the whole window. For one thread.
class Recogniser {
  public:
    explicit Recogniser(Executor& executor) : executor_(executor) {}

    /// The tracks that the window may come from, best first. `window`: mono samples at fingerprint::kSampleRateHz, the
    /// window of the last look and what came since. The snapshot has to be of the same state as that of the last look.
    std::vector<search::Evidence> look(const index::FingerprintSnapshot& snapshot, std::span<const float> window,
                                       Speeds speeds);
    /// The window begins so many samples later.
    void slide(std::size_t samples);
    /// Another window begins.
    void clear();

  private:
    /// How far a kind of look-up has come in the window, in frames.
    struct Frontiers {
        double as_recorded = 0;
        double transformed = 0;
    };

    void look_up_as_recorded(search::ClipSearch& search);
    void look_up_transformed(search::ClipSearch& search);

    Executor& executor_;
    Hypotheses hypotheses_;
    Hypotheses transformed_;
    Frontiers searched_;
};

}  // namespace audio_ident::live
