#pragma once

#include <sys/resource.h>
#include <unistd.h>

namespace audio_ident::util {

/// Gives this thread, and those that it starts from now on, the lowest priority: it works when nobody else wants to.
inline void take_lowest_priority() {
    ::setpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()), 19);
}

}  // namespace audio_ident::util
