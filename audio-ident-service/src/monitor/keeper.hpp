#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "monitor/station.hpp"
#include "monitor/unknown_sounds/sound_keeper.hpp"

namespace audio_ident::monitor {

struct KeeperSettings {
    /// Tells this service from others on the same catalog; the same after it was killed and started again.
    std::string name;
    curl::Addresses addresses = curl::Addresses::only_public;
    unsigned keep_days = 0;  ///< plays and outages that are older are removed; 0: never
};

struct KeeperParts {
    catalog::Catalog& catalog;
    index::FingerprintIndexReader& index;
    const audio::Decoder& decoder;
    RollingIndex* rolling = nullptr;  ///< as in StationParts
    SoundKeeper* sounds = nullptr;    ///< null: unknown sounds are not looked for
    catalog::Deliver deliver = catalog::Deliver::nothing;
};

/// Listens to every monitor of the catalog that is not paused and that no other service has, as long as this object
/// lives. It notices within a second what other programs change in the catalog. A few threads serve all stations.
class Keeper {
  public:
    /// The parts outlive it.
    Keeper(KeeperParts parts, KeeperSettings settings);
    ~Keeper();
    Keeper(const Keeper&) = delete;
    Keeper& operator=(const Keeper&) = delete;

    /// In the text format of Prometheus. Thread-safe.
    std::string metrics() const;

  private:
    class Loop;
    struct Kept {
        std::string name;
        std::shared_ptr<StationCounts> counts;  ///< shared with the station
        Loop* loop = nullptr;
    };

    void keep(const std::stop_token& stop);
    Result<std::vector<catalog::MonitorRow>> own(catalog::Timestamp now);
    void arrange(const std::vector<catalog::MonitorRow>& rows);
    void finish_plays_of(const catalog::MonitorRow& paused);
    void forget_old(catalog::Timestamp now);

    KeeperParts parts_;
    KeeperSettings settings_;
    Executor executor_{0};  // a station's thread searches by itself
    std::vector<std::unique_ptr<Loop>> loops_;
    std::vector<Uuid> known_;  ///< all monitors, when they were last claimed
    std::vector<Uuid> own_;
    unsigned claims_ = 0;             ///< that succeeded
    std::map<Uuid, unsigned> taken_;  ///< how often each was taken: when it grows, another may have had it meanwhile
    std::vector<Uuid> finished_;      ///< paused ones whose plays are final
    std::chrono::steady_clock::time_point claim_at_{};
    std::chrono::steady_clock::time_point take_at_{};  ///< until then, what others had is left to them
    std::chrono::steady_clock::time_point forget_at_{};
    mutable std::mutex mutex_;
    std::map<Uuid, Kept> kept_;
    std::jthread thread_;
};

}  // namespace audio_ident::monitor
