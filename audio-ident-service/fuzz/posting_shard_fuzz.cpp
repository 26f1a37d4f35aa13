// Damaged bytes of a posting shard and of a block of peaks yield an error or postings within bounds, never a read
// outside the data.

#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <span>
#include <stdexcept>
#include <vector>

#include "index/fingerprint/posting_shard.hpp"
#include "index/fingerprint/records.hpp"

using namespace audio_ident;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    struct Shape {
        std::uint32_t key_begin;
        std::uint32_t keys;
        std::uint32_t frames;
    };
    Shape shape{};
    if (size < sizeof shape) return 0;
    std::memcpy(&shape, data, sizeof shape);
    // In a heap block of its own, so that the sanitizer notices a read beyond its end.
    const std::vector<std::byte> bytes(reinterpret_cast<const std::byte*>(data) + sizeof shape,
                                       reinterpret_cast<const std::byte*>(data) + size);
    const index::Key begin = shape.key_begin % 1'000'000;
    const index::Key end = begin + shape.keys % 100'000;
    const std::uint32_t frames = shape.frames % 0xff000000;
    try {
        const index::PostingShard shard(bytes, begin, end, frames);
        shard.for_each(begin, end, [&](const index::Posting& posting) {
            if (posting.key < begin || posting.key >= end || posting.position >= frames) std::abort();
        });
        shard.for_each_position(begin + (end - begin) / 2, end - 1, [&](std::uint32_t position) {
            if (position >= frames) std::abort();
        });
    } catch (const std::runtime_error&) {
    }
    try {
        std::vector<fingerprint::Peak> peaks;
        index::decode_peak_block(bytes, begin, peaks);
    } catch (const std::runtime_error&) {
    }
    return 0;
}
