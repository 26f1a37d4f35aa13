#pragma once

#include <functional>
#include <stop_token>
#include <thread>

#include "ingest/progress_meter.hpp"
#include "ingest/scan/known_files.hpp"
#include "ingest/scan/scan_scope.hpp"

namespace audio_ident::ingest {

/// Counts the files of an ingest on a separate thread while the ingest is already working, so that progress has a
/// total. A list from a pipe cannot be read twice, so it has no total.
class CountingScan {
  public:
    /// What it refers to outlives it. It ends with `end`, and with its destruction.
    CountingScan(const ScanScope& scope, const KnownFiles& known, ProgressMeter& meter, const std::stop_token& end);

  private:
    void count(const std::stop_token& stop) const;

    const ScanScope& scope_;
    const KnownFiles& known_;
    ProgressMeter& meter_;
    std::jthread thread_;
    std::stop_callback<std::function<void()>> on_end_;
};

}  // namespace audio_ident::ingest
