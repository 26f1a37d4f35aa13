#include "lib/lmdb/prefetch.hpp"

#include <cstdint>
#include <sys/mman.h>
#include <unistd.h>

namespace audio_ident::lmdb {

void prefetch(Bytes bytes) {
    const auto page = static_cast<std::uintptr_t>(::sysconf(_SC_PAGESIZE));
    const auto address = reinterpret_cast<std::uintptr_t>(bytes.data());
    const auto begin = address & ~(page - 1);
    // A refusal costs time only.
    static_cast<void>(::madvise(reinterpret_cast<void*>(begin), address + bytes.size() - begin, MADV_WILLNEED));
}

}  // namespace audio_ident::lmdb
