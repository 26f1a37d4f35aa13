#include "index/vector/check_vectors.hpp"

#include <algorithm>
#include <cmath>

namespace audio_ident::index {

Result<void> check_vectors(const VectorSpace& space, std::span<const TrackVectors> tracks) {
    for (const TrackVectors& track : tracks) {
        if (track.values.size() != track.start_seconds.size() * space.dimension) {
            return fail(ErrorKind::invalid_input, "{} numbers for {} vectors of \"{}\", which have {} each",
                        track.values.size(), track.start_seconds.size(), space.name, space.dimension);
        }
        const auto finite = [](float value) { return std::isfinite(value); };
        if (!std::all_of(track.values.begin(), track.values.end(), finite) ||
            !std::all_of(track.start_seconds.begin(), track.start_seconds.end(), finite)) {
            return fail(ErrorKind::invalid_input, "a vector of \"{}\" contains a value that is not a number",
                        space.name);
        }
    }
    return {};
}

Result<void> check_queries(const VectorSpace& space, std::span<const float> queries) {
    if (queries.size() % space.dimension == 0) return {};
    return fail(ErrorKind::invalid_input, "{} numbers for queries of \"{}\", which have {} each", queries.size(),
                space.name, space.dimension);
}

}  // namespace audio_ident::index
