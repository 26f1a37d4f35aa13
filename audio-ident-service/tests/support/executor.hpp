#pragma once

#include "core/executor.hpp"

namespace audio_ident::test {

/// The threads of a test program.
inline Executor& executor() {
    static Executor threads;
    return threads;
}

}  // namespace audio_ident::test
