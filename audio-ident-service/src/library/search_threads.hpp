#pragma once

#include <algorithm>
#include <cstddef>

#include "core/executor.hpp"

namespace audio_ident::library {

/// The threads that all searches of a program share; app/ makes them. A lane waits for the decoder or for Qdrant, for
/// seconds where one of them hangs, so that lanes have threads of their own: those that compute are never held up by
/// them.
struct SearchThreads {
    static constexpr std::size_t kMostLanes = 64;  ///< beside their callers; as many as requests wait at most

    Executor computing;
    Executor lanes{std::max(kMostLanes, hardware_threads())};
};

}  // namespace audio_ident::library
