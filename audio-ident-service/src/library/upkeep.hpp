#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/deadline.hpp"
#include "core/result.hpp"
#include "library/changes.hpp"
#include "library/copy.hpp"
#include "library/state.hpp"

namespace audio_ident::library {

/// Receives the progress of a calibration, on the thread that requested it.
class CalibrationObserver {
  public:
    virtual ~CalibrationObserver() = default;
    virtual void on_track(std::size_t done, std::size_t of) = 0;
    /// A track that could not be tested.
    virtual void on_failure(const std::string& file, const Error& error) = 0;
};

/// Maintenance of the stores, for `doctor` and `db`. Every call can fail with the errors of the stores.
class Upkeep {
  public:
    virtual ~Upkeep() = default;

    /// Fails with not_available when this process may not write in the data folder, or make it.
    virtual Result<void> check_writable() const = 0;
    /// Whether uploads can be stored at a server and read; tries it with a small file. Returns where they are; nullopt:
    /// in a folder.
    virtual Result<std::optional<std::string>> check_audio(const Deadline& deadline) = 0;
    virtual Result<IndexState> index(const Deadline& deadline) = 0;
    /// Compares catalog, index and disk, and changes nothing.
    virtual Result<Comparison> compare(const Deadline& deadline) = 0;

    /// The result of the last calibrate(), or the default. Fails with corrupt when it is damaged.
    virtual Result<search::Calibration> calibration() = 0;
    /// Measures on degraded clips of up to `tracks` tracks how often the exact lane is right, and corrects its
    /// confidence from now on. Fails with invalid_input when there are too few tracks, timeout after a stop.
    virtual Result<CalibrationReport> calibrate(std::size_t tracks, CalibrationObserver& observer,
                                                const std::stop_token& stop) = 0;
    virtual Result<void> forget_calibration() = 0;

    virtual Result<SchemaState> schema(const Deadline& deadline) = 0;
    /// SchemaState::head; does not need the catalog.
    virtual Result<std::string> newest_schema() = 0;
    /// Upgrades the schema. Returns the names of the migrations that it applied, in order.
    virtual Result<std::vector<std::string>> upgrade_schema(const Deadline& deadline) = 0;
    /// Downgrades the schema. Returns the names of the migrations that it undid, newest first. The data of their tables
    /// is lost.
    virtual Result<std::vector<std::string>> downgrade_schema(int steps, const Deadline& deadline) = 0;
    /// Empties catalog and index. Audio files stay.
    virtual Result<void> reset(const Turn& turn) = 0;
    /// Copies a library to other stores, which must be empty; nothing is analysed again. Fails with invalid_input (a
    /// wrong name; the target is not empty), and as the stores do. After a failure the target is an empty library, or
    /// says that the copy is not finished; then repeat the call.
    virtual Result<CopyReport> copy(const CopyRequest& request, const Turn& turn, CopyObserver& observer) = 0;
};

}  // namespace audio_ident::library
