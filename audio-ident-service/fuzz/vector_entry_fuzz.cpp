// Damaged bytes of a space's record and of a track's vectors yield an error or an entry within those bytes.

#include <cstdint>
#include <span>
#include <stdexcept>
#include <vector>

#include "index/vector/lmdb_vectors.hpp"
#include "index/vector/quantised.hpp"

using namespace audio_ident;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    // In a heap block of its own, so that the sanitizer notices a read beyond its end.
    const auto* first = reinterpret_cast<const std::byte*>(data);
    const std::vector<std::byte> bytes(first, first + size);
    try {
        const index::SpaceRecord space = index::read_space_record(bytes);
        if (space.format_version == index::kVectorFormatVersion && space.dimension > index::kMaxDimension)
            __builtin_trap();
    } catch (const std::runtime_error&) {
    }
    if (size < 2) return 0;
    const std::size_t dimension = 1 + (data[0] | std::size_t{data[1]} << 8) % index::kMaxDimension;
    const std::vector<std::byte> rest(bytes.begin() + 2, bytes.end());
    try {
        const index::VectorEntry entry = index::read_vector_entry({}, rest, dimension);
        std::vector<float> values(dimension);
        for (std::size_t i = 0; i < entry.count; ++i) index::dequantise(entry.rows + i * dimension, 1, values);
    } catch (const std::runtime_error&) {
    }
    return 0;
}
