#pragma once

#include <cstddef>
#include <span>
#include <stop_token>

#include "audio/decoder.hpp"
#include "catalog/catalog.hpp"
#include "index/fingerprint/reader.hpp"
#include "library/upkeep.hpp"

namespace audio_ident::library {

struct CalibrationParts {
    catalog::Catalog& catalog;
    const audio::Decoder& decoder;
    index::FingerprintIndexReader& index;
    unsigned threads = 0;  ///< 0: one a core
};

/// Plays up to `tracks` ready tracks to the library, degraded, once with the track in it and once with it hidden, and
/// fits the confidence to what came out. The same library gives the same clips. Fails as Upkeep::calibrate() says;
/// nothing is stored.
Result<CalibrationReport> measure_calibration(const CalibrationParts& parts, std::size_t tracks,
                                              CalibrationObserver& observer, const std::stop_token& stop);

}  // namespace audio_ident::library
