#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "core/deadline.hpp"
#include "core/result.hpp"
#include "library/changes.hpp"
#include "library/state.hpp"

namespace audio_ident::library {

/// Told how a calibration goes, on the thread that asked for it.
class CalibrationObserver {
  public:
    virtual ~CalibrationObserver() = default;
    virtual void on_track(std::size_t done, std::size_t of) = 0;
    /// A track that could not be tested.
    virtual void on_failure(const std::string& file, const Error& error) = 0;
};

/// What `doctor` and `db` ask: looking after the stores rather than using them. Failures are those of the stores.
class Upkeep {
  public:
    virtual ~Upkeep() = default;

    /// Fails with not_available when this process may not write in the data folder, or make it.
    virtual Result<void> check_writable() const = 0;
    virtual Result<IndexState> index(const Deadline& deadline) = 0;
    /// Compares catalog, index and disk; changes nothing.
    virtual Result<Comparison> compare(const Deadline& deadline) = 0;

    /// What calibrate() found; as shipped before. Fails with corrupt when it is damaged.
    virtual Result<search::Calibration> calibration() = 0;
    /// Measures with degraded clips of up to `tracks` tracks how sure the exact lane may be, and keeps to that from now
    /// on. Fails with invalid_input when there are too few tracks, timeout after a stop.
    virtual Result<CalibrationReport> calibrate(std::size_t tracks, CalibrationObserver& observer,
                                                const std::stop_token& stop) = 0;
    virtual Result<void> forget_calibration() = 0;

    virtual Result<SchemaState> schema(const Deadline& deadline) = 0;
    /// SchemaState::head, without asking the catalog.
    virtual Result<std::string> newest_schema() = 0;
    /// Names of the migrations that were applied, in order.
    virtual Result<std::vector<std::string>> upgrade_schema(const Deadline& deadline) = 0;
    /// Names of those that were undone, newest first; the data of their tables is lost.
    virtual Result<std::vector<std::string>> downgrade_schema(int steps, const Deadline& deadline) = 0;
    /// Empties catalog and index. Audio files stay.
    virtual Result<void> reset(const Turn& turn) = 0;
    /// Copies all tracks between two databases, sqlite://PATH or postgresql://…; returns how many. Fails with
    /// invalid_input when the second has tracks.
    virtual Result<std::int64_t> copy_catalog(const std::string& from, const std::string& to, const Turn& turn) = 0;
};

}  // namespace audio_ident::library
