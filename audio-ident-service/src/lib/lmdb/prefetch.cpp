#include "lib/lmdb/prefetch.hpp"

#include <cstdint>
#include <sys/mman.h>
#include <unistd.h>

namespace audio_ident::lmdb {

void prefetch(Bytes bytes) {
    const auto page = static_cast<std::uintptr_t>(::sysconf(_SC_PAGESIZE));
    const auto inside = reinterpret_cast<std::uintptr_t>(bytes.data()) & (page - 1);
    auto* const begin = const_cast<std::byte*>(bytes.data()) - inside;
    // If the kernel refuses, only time is lost.
    static_cast<void>(::madvise(begin, inside + bytes.size(), MADV_WILLNEED));
}

}  // namespace audio_ident::lmdb
