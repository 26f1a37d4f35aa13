#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "audio/decoder.hpp"
#include "calibration/fit.hpp"
#include "catalog/catalog.hpp"
#include "index/fingerprint/reader.hpp"

namespace audio_ident::calibration {

struct SelfTestParts {
    const audio::Decoder& decoder;
    index::FingerprintIndexReader& index;
};

/// A degraded clip of a track, searched in the library and again with the track hidden.
struct Trial {
    std::string_view cell;  ///< how it was degraded
    Outcome known;          ///< `confidence` is uncalibrated, 0 when nothing was found
    Outcome unknown;        ///< whatever was found is wrong
};

/// Clips of 3 to 6 s from random places of the track, one for each kind of degradation: as it is, three levels of noise, a
/// room with noise, a telephone, speed, and under another part of the track. Other copies of the recording in the library
/// count as right answers, and are hidden with it. Empty for a track shorter than 15 s. The same seed gives the same clips.
/// Fails with what decoding and the index fail with. Thread-safe.
Result<std::vector<Trial>> test_track(const SelfTestParts& parts, const catalog::FileRecord& track, std::uint64_t seed,
                                      const Deadline& deadline);

}  // namespace audio_ident::calibration
