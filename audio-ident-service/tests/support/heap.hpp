#pragma once

#include <cstddef>

namespace audio_ident::test {

/// Bytes that the process has allocated on the heap and not freed yet, the libraries' included.
std::size_t live_heap_bytes();

}  // namespace audio_ident::test
