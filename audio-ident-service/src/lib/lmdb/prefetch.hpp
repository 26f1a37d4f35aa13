#pragma once

#include "lib/lmdb/environment.hpp"

namespace audio_ident::lmdb {

/// Asks the kernel to read mapped bytes ahead, which it does not do by itself in an environment's map. Returns at once.
void prefetch(Bytes bytes);

}  // namespace audio_ident::lmdb
