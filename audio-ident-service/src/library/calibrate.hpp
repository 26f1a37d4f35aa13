#pragma once

#include <cstddef>
#include <span>
#include <stop_token>

#include "audio/decoder.hpp"
#include "catalog/catalog.hpp"
#include "core/executor.hpp"
#include "index/fingerprint/reader.hpp"
#include "library/upkeep.hpp"

namespace audio_ident::library {

struct CalibrationParts {
    catalog::Catalog& catalog;
    const audio::Decoder& decoder;
    index::FingerprintIndexReader& index;
    Executor& executor;
    unsigned threads = 0;  ///< 0: one for each core
};

/// Searches degraded clips of up to `tracks` ready tracks, once in the whole library and once with the track hidden,
/// and fits the confidence to the outcomes. The same library gives the same clips. Stores nothing. Fails like
/// Upkeep::calibrate().
Result<CalibrationReport> measure_calibration(const CalibrationParts& parts, std::size_t tracks,
                                              CalibrationObserver& observer, const std::stop_token& stop);

}  // namespace audio_ident::library
