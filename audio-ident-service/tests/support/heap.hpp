#pragma once

#include <cstddef>

namespace audio_ident::test {

/// Bytes on the heap that the process, including its libraries, has allocated and not yet freed.
std::size_t live_heap_bytes();

}  // namespace audio_ident::test
