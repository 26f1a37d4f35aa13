#pragma once

#include <algorithm>
#include <cstddef>

#include "core/executor.hpp"

namespace audio_ident::library {

/// The threads that all searches of a program share; app/ makes them. A lane may wait seconds for the decoder or for
/// Qdrant. Lanes therefore have threads of their own, and never hold up the threads that compute.
struct SearchThreads {
    static constexpr std::size_t kMostLanes = 64;  ///< beside their callers

    Executor computing;
    Executor lanes{std::max(kMostLanes, hardware_threads())};
};

}  // namespace audio_ident::library
