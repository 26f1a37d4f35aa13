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

/// One row of the table `sounds`: music or speech that is not in the library, and that a station played at least twice.
struct SoundRow {
    Uuid id = {};
    Uuid monitor = {};
    std::int64_t number = 0;  ///< its name, "unknown 12": from 1; no two of a monitor have the same
    Timestamp first_heard_at{};
    Timestamp last_heard_at{};          ///< when its last play began
    double seconds = 0;                 ///< of its longest play
    std::optional<TrackId> track = {};  ///< that it was kept as; that track may be gone by now

    bool operator==(const SoundRow&) const = default;
};

/// One row of the table `sound_plays`.
struct SoundPlayRow {
    Uuid id = {};
    Uuid sound = {};
    Timestamp started_at{};
    Timestamp ended_at{};  ///< not before it began

    bool operator==(const SoundPlayRow&) const = default;
};

struct CountedSound {
    SoundRow row;
    std::int64_t plays = 0;

    bool operator==(const CountedSound&) const = default;
};

struct SoundPage {
    std::vector<CountedSound> sounds;  ///< most plays first, ties by number
    std::int64_t total = 0;
};

/// What was found in the sound of a station, stored all at once.
struct SoundChanges {
    std::vector<SoundRow> put;        ///< new ones, and others that are replaced, except for `track`
    std::vector<SoundPlayRow> plays;  ///< likewise
    std::vector<Uuid> removed_plays;
    std::vector<Uuid> removed;  ///< sounds, with their plays

    bool empty() const { return put.empty() && plays.empty() && removed_plays.empty() && removed.empty(); }
};

/// The part of a MonitorStore that keeps unknown sounds which come again.
class SoundStore {
  public:
    virtual ~SoundStore() = default;

    /// `offset` and `limit` are at least 0.
    virtual Result<SoundPage> sounds(const Uuid& monitor, std::int64_t offset, std::int64_t limit,
                                     const Deadline& deadline) = 0;
    virtual Result<std::optional<CountedSound>> find_sound(const Uuid& monitor, std::int64_t number,
                                                           const Deadline& deadline) = 0;
    /// Latest first.
    virtual Result<std::vector<SoundPlayRow>> sound_plays(const Uuid& sound, std::int64_t limit,
                                                          const Deadline& deadline) = 0;
    /// Of all sounds of a monitor, those that ended then or later, oldest first.
    virtual Result<std::vector<SoundPlayRow>> recent_sound_plays(const Uuid& monitor, Timestamp ended_since,
                                                                 const Deadline& deadline) = 0;
    /// For the monitor's keeper, as MonitorStore::store(). Fails with invalid_input when a number is taken.
    virtual Result<bool> store_sounds(const Uuid& monitor, const std::string& keeper, const SoundChanges& changes,
                                      const Deadline& deadline) = 0;
    /// Notes which track a sound was kept as. Returns false when the sound is gone.
    virtual Result<bool> keep_sound(const Uuid& sound, const TrackId& track, const Deadline& deadline) = 0;
};

}  // namespace audio_ident::catalog
