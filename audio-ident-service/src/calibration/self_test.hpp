#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "audio/decoder.hpp"
#include "calibration/fit.hpp"
#include "catalog/catalog.hpp"
#include "core/executor.hpp"
#include "index/fingerprint/reader.hpp"

namespace audio_ident::calibration {

struct SelfTestParts {
    const audio::Decoder& decoder;
    index::FingerprintIndexReader& index;
    Executor& executor;
};

/// A degraded clip of a track, searched in the library as it is and again with the track hidden.
struct Trial {
    std::string_view cell;  ///< how the clip was degraded
    Outcome known;          ///< with the track in the library
    Outcome unknown;        ///< with the track hidden: every match is wrong
};

/// Searches clips of 3 to 6 s from random places of the track, one for each kind of degradation: none, three levels of
/// noise, a room with noise, a telephone, another speed, and another part of the track on top. Other copies of the
/// recording in the library count as right answers, and are hidden with it. Empty for a track shorter than 15 s. The
/// same seed gives the same clips. Fails with the errors of decoding and of the index. Thread-safe.
Result<std::vector<Trial>> test_track(const SelfTestParts& parts, const catalog::FileRecord& track, std::uint64_t seed,
                                      const Deadline& deadline);

}  // namespace audio_ident::calibration
