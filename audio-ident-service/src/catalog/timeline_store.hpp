#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "catalog/track.hpp"
#include "core/deadline.hpp"
#include "core/result.hpp"
#include "core/uuid.hpp"

namespace audio_ident::catalog {

/// How far long work is.
enum class JobStatus { queued, running, finished, cancelled, failed };
BOOST_DESCRIBE_ENUM(JobStatus, queued, running, finished, cancelled, failed)

inline bool has_ended(JobStatus status) {
    return status != JobStatus::queued && status != JobStatus::running;
}

/// One row of the table `timelines`: the timeline of a recording, queued, running or ended. Without its result, which
/// is long.
struct TimelineRow {
    Uuid id = {};

    std::string name = {};        ///< of the recording, for people; UTF-8, at most 500 characters, never empty
    std::string recording = {};   ///< the file on this machine, as text, see util/path_text.hpp
    double min_confidence = 0.5;  ///< of its entries, 0-1

    JobStatus status = JobStatus::queued;
    Timestamp created_at{};
    std::optional<Timestamp> finished_at = {};
    std::optional<std::string> error = {};  ///< why it failed
    std::int64_t restarts = 0;              ///< how often it was continued after the service had ended

    double heard_seconds = 0;                  ///< of the recording
    std::optional<double> total_seconds = {};  ///< of the recording, as its header claims
    std::int64_t entries = 0;                  ///< of the result
};

struct TimelineRowPage {
    std::vector<TimelineRow> rows;  ///< newest first, ties by id
    std::int64_t total = 0;
};

/// The result of a timeline, in the words of library/stored_timeline.hpp.
struct TimelineResult {
    std::string text;
    std::int64_t revision = 0;  ///< grows with each change

    bool operator==(const TimelineResult&) const = default;
};

/// The port for the timelines of a catalog, which shares its database and its failures. Thread-safe.
class TimelineStore {
  public:
    virtual ~TimelineStore() = default;

    /// Adds a row without a result. Fails with invalid_input when the id exists or a value breaks TimelineRow's bounds.
    virtual Result<void> add(const TimelineRow& row, const Deadline& deadline) = 0;
    /// Replaces status, finished_at, error, restarts and the seconds. Returns false when there is no such row.
    virtual Result<bool> update(const TimelineRow& row, const Deadline& deadline) = 0;
    /// As update(), and stores the first result and the number of its entries, all at once.
    virtual Result<bool> finish(const TimelineRow& row, const std::string& result, const Deadline& deadline) = 0;
    /// Replaces a result and the number of its entries. Returns false when it has another revision by now, or is gone.
    virtual Result<bool> change(const Uuid& id, const TimelineResult& changed, std::int64_t entries,
                                const Deadline& deadline) = 0;
    /// Returns false when there is no such row.
    virtual Result<bool> remove(const Uuid& id, const Deadline& deadline) = 0;

    virtual Result<std::optional<TimelineRow>> find(const Uuid& id, const Deadline& deadline) = 0;
    /// nullopt while there is no result.
    virtual Result<std::optional<TimelineResult>> result(const Uuid& id, const Deadline& deadline) = 0;
    /// `offset` and `limit` are at least 0.
    virtual Result<TimelineRowPage> list(std::int64_t offset, std::int64_t limit, const Deadline& deadline) = 0;
    /// Rows that are queued or running, oldest first.
    virtual Result<std::vector<TimelineRow>> unfinished(const Deadline& deadline) = 0;
};

}  // namespace audio_ident::catalog
