#pragma once

#include <boost/describe.hpp>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "catalog/sound_store.hpp"
#include "catalog/track.hpp"
#include "core/deadline.hpp"
#include "core/result.hpp"
#include "core/uuid.hpp"

namespace audio_ident::catalog {

/// What a monitor does: nothing yet; it connects; it listens; it cannot, and tries again; its source is over.
enum class MonitorStatus { waiting, connecting, listening, failing, ended };
BOOST_DESCRIBE_ENUM(MonitorStatus, waiting, connecting, listening, failing, ended)

/// What the service says about a monitor.
struct MonitorNow {
    MonitorStatus status = MonitorStatus::waiting;
    std::optional<std::string> detail = {};  ///< why it fails, in one sentence
    Timestamp status_at{};                   ///< when it became so
    std::optional<Timestamp> heard_at = {};  ///< when sound was heard last
    std::optional<std::string> hint = {};    ///< what the stream itself says that it plays; never an answer
};

/// One row of the table `monitors`: a station that is listened to.
struct MonitorRow {
    Uuid id = {};
    std::string name = {};        ///< UTF-8, at most 500 characters, never empty; no two have the same
    std::string source = {};      ///< a URL, or a file or named pipe on the service's machine; at most 4,096 characters
    double min_confidence = 0.5;  ///< of its plays, 0-1
    bool paused = false;
    Timestamp created_at{};
    MonitorNow now = {};
};

/// A stretch of a play, in the time of the clock.
struct PlayGap {
    Timestamp from{};
    Timestamp to{};

    bool operator==(const PlayGap&) const = default;
};

/// One row of the table `plays`: a station played a track.
struct PlayRow {
    Uuid id = {};
    Uuid monitor = {};
    TrackId track = {};
    std::string title = {};  ///< of the track, when it was played
    std::optional<std::string> artist = {};

    Timestamp started_at{};
    Timestamp ended_at{};          ///< not before it began; of a play that goes on: until when it was heard
    double place_seconds = 0;      ///< in the track, where the play begins
    double end_place_seconds = 0;  ///< the same, where it ends
    double speed = 1;              ///< seconds of the track a second
    double pitch = 1;
    double confidence = 0;           ///< 0-1
    std::vector<PlayGap> gaps = {};  ///< in which it was not heard, because of outages
    bool final = false;              ///< later seconds cannot change it
    std::optional<std::string> hint = {};

    bool operator==(const PlayRow&) const = default;
};

/// One row of the table `outages`: a station could not be heard.
struct OutageRow {
    Uuid id = {};
    Uuid monitor = {};
    Timestamp started_at{};
    std::optional<Timestamp> ended_at = {};  ///< absent: it goes on
    std::string reason = {};

    bool operator==(const OutageRow&) const = default;
};

/// Which plays are meant: those that fit all that is given.
struct PlayFilter {
    std::optional<Uuid> monitor = {};
    std::optional<TrackId> track = {};
    std::optional<Timestamp> from = {};  ///< began then or later
    std::optional<Timestamp> to = {};    ///< began before
};

struct PlayPage {
    std::vector<PlayRow> plays;  ///< newest first, ties by id
    std::int64_t total = 0;
};

enum class TotalsBy { track, artist, day };
BOOST_DESCRIBE_ENUM(TotalsBy, track, artist, day)

struct PlayTotal {
    std::optional<TrackId> track = {};  ///< of TotalsBy::track
    std::string name = {};              ///< its title; an artist, empty where there is none; a day in UTC, "2026-11-28"
    std::optional<std::string> artist = {};  ///< of TotalsBy::track
    std::int64_t plays = 0;
    double seconds = 0;  ///< from the beginning to the end of each, gaps included

    bool operator==(const PlayTotal&) const = default;
};

/// What the webhook gets of the plays that are stored: nothing, or those that become final by it (DeliveryStore).
enum class Deliver { nothing, final_plays };

/// What listening to a station has changed, stored all at once.
struct PlayChanges {
    std::vector<PlayRow> put;   ///< new ones, and others that are replaced
    std::vector<Uuid> removed;  ///< later seconds showed that they were none
    Deliver deliver = Deliver::nothing;
    std::optional<MonitorNow> now = {};  ///< what the service says about the monitor then, as in note()

    bool empty() const { return put.empty() && removed.empty() && !now; }
};

/// What a keeper has.
struct KeptMonitors {
    std::vector<MonitorRow> rows;  ///< by name
    std::vector<Uuid> taken;       ///< those of them that it did not have before: another may have had them meanwhile
};

/// The port for the monitors of a catalog, their plays and their sounds. It shares the database and the failures of its
/// catalog. Thread-safe.
class MonitorStore : public SoundStore {
  public:
    /// Fails with invalid_input when the id or the name exists or a value breaks MonitorRow's bounds.
    virtual Result<void> add(const MonitorRow& row, const Deadline& deadline) = 0;
    /// Replaces name, source, min_confidence and paused, and begins again with the status `waiting`. Returns false when
    /// there is no such row. Fails with invalid_input like add().
    virtual Result<bool> change(const MonitorRow& row, const Deadline& deadline) = 0;
    /// Replaces what the service says about it. For its keeper, as store().
    virtual Result<bool> note(const Uuid& id, const std::string& keeper, const MonitorNow& now,
                              const Deadline& deadline) = 0;
    /// Removes it with its plays, outages and sounds.
    virtual Result<bool> remove(const Uuid& id, const Deadline& deadline) = 0;
    virtual Result<std::optional<MonitorRow>> find(const Uuid& id, const Deadline& deadline) = 0;
    /// By name.
    virtual Result<std::vector<MonitorRow>> list(const Deadline& deadline) = 0;
    /// Takes every monitor that this keeper has, or that nobody has at `now`, until `until`; returns all that it has.
    /// So only one of several services listens to a station. A monitor whose time is over stays the keeper's until
    /// another takes it.
    virtual Result<KeptMonitors> claim(const std::string& keeper, Timestamp now, Timestamp until,
                                       const Deadline& deadline) = 0;

    /// Only for the keeper that has the monitor: returns false, and stores nothing, when another has it, and when it is
    /// gone.
    virtual Result<bool> store(const Uuid& monitor, const std::string& keeper, const PlayChanges& changes,
                               const Deadline& deadline) = 0;
    /// `offset` and `limit` are at least 0.
    virtual Result<PlayPage> plays(const PlayFilter& filter, std::int64_t offset, std::int64_t limit,
                                   const Deadline& deadline) = 0;
    /// Most plays first, or the latest day first; ties by name.
    virtual Result<std::vector<PlayTotal>> totals(const PlayFilter& filter, TotalsBy by, std::int64_t limit,
                                                  const Deadline& deadline) = 0;
    /// Those that are not final, and those that ended then or later, oldest first.
    virtual Result<std::vector<PlayRow>> recent(const Uuid& monitor, Timestamp ended_since,
                                                const Deadline& deadline) = 0;

    /// Adds an outage, or replaces it. For the monitor's keeper, as store().
    virtual Result<bool> put_outage(const OutageRow& outage, const std::string& keeper, const Deadline& deadline) = 0;
    /// Latest first.
    virtual Result<std::vector<OutageRow>> outages(const Uuid& monitor, std::int64_t limit,
                                                   const Deadline& deadline) = 0;
    /// Removes final plays, outages and plays of sounds that ended before, and sounds that have no plays left and were
    /// not kept. Returns how many plays.
    virtual Result<std::int64_t> forget(Timestamp before, const Deadline& deadline) = 0;
};

}  // namespace audio_ident::catalog
