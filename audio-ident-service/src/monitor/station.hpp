#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "audio/decoder.hpp"
#include "catalog/catalog.hpp"
#include "lib/curl/streams.hpp"
#include "monitor/feed/feed.hpp"
#include "monitor/hearing.hpp"
#include "monitor/plays/ledger.hpp"
#include "monitor/plays/station_clock.hpp"
#include "monitor/retry.hpp"
#include "monitor/rolling/chunk_maker.hpp"
#include "monitor/rolling/rolling_index.hpp"
#include "monitor/unknown_sounds/sound_ring.hpp"

namespace audio_ident::monitor {

/// What stations are listened to with; all outlive them.
struct StationParts {
    catalog::Catalog& catalog;
    index::FingerprintIndexReader& index;
    const audio::Decoder& decoder;
    Executor& executor;
    curl::Streams& streams;
    curl::Addresses addresses = curl::Addresses::only_public;
    RollingIndex* rolling = nullptr;       ///< null: what is heard is not kept for searches
    std::shared_ptr<SoundRing> ring = {};  ///< shared with the SoundKeeper; null: nobody wants to hear it again
    catalog::Deliver deliver = catalog::Deliver::nothing;
    std::string keeper = {};  ///< that has the monitor
};

/// Counters of a station, for metrics. Any thread may read them.
struct StationCounts {
    std::atomic<catalog::MonitorStatus> status = catalog::MonitorStatus::waiting;
    std::atomic<double> heard_seconds = 0;
    std::atomic<double> matched_seconds = 0;  ///< as it looked when they were heard
    std::atomic<double> lag_seconds = 0;      ///< of what is known behind the stream
    std::atomic<std::int64_t> connections = 0;
    std::atomic<std::int64_t> outages = 0;
};

/// Listens to one station: fetches, decodes, hears, and stores plays, outages and its own status. It tries again for
/// ever when something fails. For one thread, and waits for nothing but the catalog.
class Station : private FeedUser {
  public:
    Station(StationParts parts, const catalog::MonitorRow& row, std::shared_ptr<StationCounts> counts);

    const catalog::MonitorRow& row() const { return row_; }
    /// Takes the name that the catalog has now, and says there again how it is, when the catalog has that from others.
    void agree_with(const catalog::MonitorRow& row);

    /// Does what can be done now.
    void step();
    /// Stores what is known, before it is destroyed. After `for_good` nothing can go on, so all plays are final. `lost`
    /// says that another service has had the monitor, and has its log. Then, and when the catalog says so, it stores
    /// nothing.
    enum class Stop { for_now, for_good, lost };
    void stop(Stop how);
    /// The catalog said so.
    bool is_lost() const { return is_lost_; }
    /// Adds the descriptors that it waits for.
    void add_wanted(std::vector<pollfd>& wanted) const;
    /// When it wants step() again though nothing came.
    Feed::Clock::time_point next() const;

  private:
    using Clock = Feed::Clock;

    std::size_t room() const override;
    void sound(std::span<const std::byte> bytes) override;
    void hint(const std::string& title) override;

    void remember();
    void connect();
    void give();
    void take();
    void finish_hearing();
    void finish_plays(std::optional<catalog::MonitorNow> noted = {});
    bool is_drained() const { return pending_.empty() && !decoding_; }
    void hear(std::span<const float> samples);
    void note_arrival();
    void understand(const Hearing::Heard& heard);
    void store(catalog::PlayChanges changes);
    void close(const Feed::Ended& ended);
    void become(catalog::MonitorStatus status, std::optional<std::string> detail);
    void note();
    void put_outage();
    void begin_outage(Timestamp since, const std::string& reason);
    void end_outage(Timestamp at);
    std::optional<KnownTrack> find(const TrackId& track) const;

    StationParts parts_;
    catalog::MonitorRow row_;
    std::shared_ptr<StationCounts> counts_;  ///< shared with the metrics
    bool remembers_ = false;                 ///< has read what was stored before
    bool is_recording_ = false;
    std::optional<Ledger> ledger_;
    Hearing hearing_;
    std::optional<ChunkMaker> chunks_;  ///< for the rolling index
    StationClock clock_;
    SoundRing::Run ring_run_ = SoundRing::Run::begins;  ///< of what is written next
    std::optional<catalog::OutageRow> outage_;

    std::unique_ptr<Feed> feed_;
    std::unique_ptr<audio::StreamDecoding> decoding_;
    std::string pending_;  ///< bytes for the decoder
    std::optional<Feed::Ended> ended_;
    bool has_sound_ = false;  ///< since it connected
    Retry retry_;
    Clock::time_point try_at_{};
    Clock::time_point note_at_{};
    Clock::time_point sound_at_{};  ///< when sound came last, or its decoder began
    catalog::PlayChanges unsaved_;
    bool is_lost_ = false;                ///< another service has the monitor
    std::optional<std::string> problem_;  ///< of the index, while it hears
};

}  // namespace audio_ident::monitor
