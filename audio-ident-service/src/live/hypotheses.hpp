#pragma once

#include <cstdint>
#include <deque>
#include <span>
#include <vector>

#include "search/clip_search.hpp"

namespace audio_ident::live {

/// The places that a window may come from, carried from one look at it to the next: each look adds the votes of the new
/// sound, along a line of track, offset and speed. At most kMost are kept. For one thread.
class Hypotheses {
  public:
    static constexpr std::size_t kMost = 200;

    /// Adds what a look has found in the sound up to `end_frame` of the window.
    void add(std::span<const search::Hypothesis> found, double end_frame);
    /// All of them, with the votes of the whole window.
    std::vector<search::Hypothesis> all() const;
    /// Keeps the best, where `z` are those of all(), in that order.
    void keep_best(std::span<const float> z);
    /// The window begins so many frames later, and the votes of what was before are forgotten.
    void slide(double frames);
    void clear() { followed_.clear(); }

  private:
    struct Piece {
        double end_frame = 0;
        float votes = 0;
    };
    struct Followed {
        std::size_t segment = 0;
        double offset = 0;
        fingerprint::Transform transform;
        std::deque<Piece> pieces;

        float votes() const;
    };

    std::vector<Followed> followed_;
};

}  // namespace audio_ident::live
