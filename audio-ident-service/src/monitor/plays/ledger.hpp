#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "catalog/monitor_store.hpp"

namespace audio_ident::monitor {

using catalog::Timestamp;

/// A play is final so long after its end: by then a track that comes back would be another play, and what is found late
/// cannot reach back to it.
inline constexpr std::chrono::seconds kFinalAfter{150};
/// Final plays are remembered so long: a session of Hearing, which still tells them, is shorter.
inline constexpr std::chrono::minutes kRemembered{40};

/// What is heard of a track at the moment, in the time of the clock.
struct HeardPlay {
    TrackId track;
    Timestamp begin{};
    Timestamp end{};
    double place_seconds = 0;      ///< in the track, at the beginning
    double end_place_seconds = 0;  ///< the same, at the end
    double speed = 1;
    double pitch = 1;
    double confidence = 0;
};

/// What the library knows of a track.
struct KnownTrack {
    std::string title;
    std::optional<std::string> artist;
    double seconds = 0;
};

/// Keeps the plays of a station in agreement with what is heard: begins them, lengthens them, takes them back, and
/// makes them final. After an interruption it goes on with the plays that are stored, so none is written twice.
class Ledger {
  public:
    /// `recent`: of MonitorStore::recent(), oldest first.
    Ledger(const Uuid& monitor, std::vector<catalog::PlayRow> recent);

    /// What is heard from now on is judged without what was heard before: the plays so far stay as they are, but may go
    /// on.
    void cut();
    using Library = std::function<std::optional<KnownTrack>(const TrackId&)>;
    /// All that is heard since the last cut(), by beginning, and until when. `library` gives nullopt for a track that
    /// it does not have; such plays are left out. Returns what has to be stored.
    catalog::PlayChanges hear(std::span<const HeardPlay> heard, Timestamp until, const Library& library,
                              const std::optional<std::string>& hint);
    /// What was not worth storing yet, when nothing is heard for now.
    catalog::PlayChanges rest();
    /// Makes plays final that ended long before.
    catalog::PlayChanges settle(Timestamp now);

  private:
    struct Play {
        catalog::PlayRow row;
        std::optional<catalog::PlayRow> before = {};  ///< as it was at the last cut()
        std::optional<catalog::PlayRow> stored = {};
        bool matched = false;
    };

    Play* going_on(const HeardPlay& heard);
    Play* going_on_somewhere(const HeardPlay& heard, const Library& library);
    static void put_if_changed(Play& play, catalog::PlayChanges& changes);
    static bool can_wait(const Play& play, Timestamp until);

    Uuid monitor_;
    std::vector<Play> plays_;
};

}  // namespace audio_ident::monitor
