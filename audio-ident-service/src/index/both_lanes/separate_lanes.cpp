#include "index/both_lanes/separate_lanes.hpp"

namespace audio_ident::index {

Result<Stored> SeparateLanesWriter::add(std::span<const TrackFingerprint> fingerprints,
                                        std::span<const TrackVectors> vectors, const Deadline& deadline) {
    Stored stored = Stored::both;
    if (!vectors.empty()) {
        const auto added = vectors_.add(vectors, deadline);
        const bool gone = !added && (added.error().kind == ErrorKind::not_available ||
                                     (added.error().kind == ErrorKind::timeout && !deadline.expired()));
        if (!added && !gone) return forward(added);
        if (gone) stored = Stored::fingerprints_only;
    }
    if (auto added = fingerprints_.add(fingerprints, deadline); !added) return forward(added);
    return stored;
}

}  // namespace audio_ident::index
