#include "support/heap.hpp"

#ifdef AUDIO_IDENT_SANITIZED
// GCC installs no header for this function. NOLINTNEXTLINE(bugprone-reserved-identifier)
extern "C" std::size_t __sanitizer_get_current_allocated_bytes();
#else
#include <malloc.h>
#endif

namespace audio_ident::test {

std::size_t live_heap_bytes() {
#ifdef AUDIO_IDENT_SANITIZED
    return __sanitizer_get_current_allocated_bytes();
#else
    const struct mallinfo2 info = mallinfo2();
    return info.uordblks + info.hblkhd;
#endif
}

}  // namespace audio_ident::test
