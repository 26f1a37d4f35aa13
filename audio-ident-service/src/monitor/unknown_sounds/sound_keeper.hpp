#pragma once

#include <chrono>
#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "monitor/rolling/rolling_index.hpp"
#include "monitor/unknown_sounds/sound_files.hpp"
#include "monitor/unknown_sounds/sound_finder.hpp"
#include "monitor/unknown_sounds/sound_ring.hpp"

namespace audio_ident::monitor {

/// Looks again and again for unknown sounds that stations play several times, stores them, and cuts them out of what
/// was heard, so that a person can listen to them. One thread of low priority takes the stations in turn. Thread-safe.
class SoundKeeper {
  public:
    struct Parts {
        catalog::MonitorStore& store;
        RollingIndex& rolling;
        SoundFiles files;
        std::string keeper;  ///< as in KeeperSettings: what it finds of a station that another has now is not stored
    };
    struct Settings {
        std::chrono::hours compared{24};
        std::chrono::milliseconds every{std::chrono::minutes(10)};  ///< a station
    };

    /// The store and the index outlive it.
    SoundKeeper(Parts parts, Settings settings);
    ~SoundKeeper();
    SoundKeeper(const SoundKeeper&) = delete;
    SoundKeeper& operator=(const SoundKeeper&) = delete;

    /// Where a station keeps what it hears. Both have it for as long as they need it.
    std::shared_ptr<SoundRing> ring_of(const catalog::MonitorRow& monitor);
    /// The monitors that this service has, as they are now.
    void look_after(const std::vector<catalog::MonitorRow>& own);
    /// All monitors that there are.
    void forget_others(const std::vector<Uuid>& all);

  private:
    using Clock = std::chrono::steady_clock;
    struct Station {
        catalog::MonitorRow row;
        Timestamp since{};                     ///< earlier sound is of an earlier hearing of a recording
        bool begins_again = false;             ///< what was found of such a hearing is found again
        std::shared_ptr<SoundRing> ring = {};  ///< shared with the station
        Clock::time_point due{};
        Timestamp compared_until{};
    };

    void keep(const std::stop_token& stop);
    Result<void> look(Station& station, const std::stop_token& stop);
    Result<HeardHours> hours_of(const Station& station, const std::stop_token& stop);
    Result<void> begin_again(const Uuid& monitor);
    void cut_out(const Station& station, const std::vector<catalog::CountedSound>& sounds,
                 const std::vector<catalog::SoundPlayRow>& plays);

    Parts parts_;
    Settings settings_;
    std::mutex mutex_;
    std::condition_variable_any changed_;
    std::map<Uuid, Station> stations_;
    bool told_ = false;    ///< that a file cannot be written
    std::jthread thread_;  ///< the last member: it uses the others
};

}  // namespace audio_ident::monitor
