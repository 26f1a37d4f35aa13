#pragma once

#include <string>

#include "catalog/monitor_store.hpp"
#include "lib/soci/query.hpp"

// Rows of the tables of monitors with the member types that SOCI binds and fetches. Do not move one while a query uses
// it. row() gives what was fetched last, and throws BadStoredValue.

namespace audio_ident::catalog {

class MonitorRecord {
  public:
    MonitorRecord() = default;
    explicit MonitorRecord(const MonitorRow& row);

    /// Each calls visit("column", member) for columns: those that a person changes, those that the service changes, and
    /// all but those of the keeper.
    template <typename Visit>
    void each_chosen_column(Visit visit) {
        visit("name", name_);
        visit("source", source_);
        visit("min_confidence", min_confidence_);
        visit("paused", paused_);
    }
    template <typename Visit>
    void each_noted_column(Visit visit) {
        visit("status", status_);
        visit("detail", detail_);
        visit("status_at", status_at_);
        visit("heard_at", heard_at_);
        visit("hint", hint_);
    }
    template <typename Visit>
    void each_column(Visit visit) {
        visit("id", id_);
        each_chosen_column(visit);
        visit("created_at", created_at_);
        each_noted_column(visit);
    }
    MonitorRow row() const;

  private:
    std::string id_;
    std::string name_;
    std::string source_;
    double min_confidence_ = 0;
    long long paused_ = 0;
    std::string created_at_;
    std::string status_;
    lib::Nullable<std::string> detail_;
    std::string status_at_;
    lib::Nullable<std::string> heard_at_;
    lib::Nullable<std::string> hint_;
};

class PlayRecord {
  public:
    PlayRecord() = default;
    explicit PlayRecord(const PlayRow& row);

    template <typename Visit>
    void each_column(Visit visit) {
        visit("id", id_);
        visit("monitor_id", monitor_id_);
        visit("track_id", track_id_);
        visit("title", title_);
        visit("artist", artist_);
        visit("started_at", started_at_);
        visit("ended_at", ended_at_);
        visit("place_seconds", place_seconds_);
        visit("end_place_seconds", end_place_seconds_);
        visit("speed", speed_);
        visit("pitch", pitch_);
        visit("confidence", confidence_);
        visit("gaps", gaps_);
        visit("final", final_);
        visit("hint", hint_);
    }
    PlayRow row() const;

  private:
    std::string id_;
    std::string monitor_id_;
    std::string track_id_;
    std::string title_;
    lib::Nullable<std::string> artist_;
    std::string started_at_;
    std::string ended_at_;
    double place_seconds_ = 0;
    double end_place_seconds_ = 0;
    double speed_ = 1;
    double pitch_ = 1;
    double confidence_ = 0;
    std::string gaps_;
    long long final_ = 0;
    lib::Nullable<std::string> hint_;
};

class OutageRecord {
  public:
    OutageRecord() = default;
    explicit OutageRecord(const OutageRow& row);

    template <typename Visit>
    void each_column(Visit visit) {
        visit("id", id_);
        visit("monitor_id", monitor_id_);
        visit("started_at", started_at_);
        visit("ended_at", ended_at_);
        visit("reason", reason_);
    }
    OutageRow row() const;

  private:
    std::string id_;
    std::string monitor_id_;
    std::string started_at_;
    lib::Nullable<std::string> ended_at_;
    std::string reason_;
};

class SoundRecord {
  public:
    SoundRecord() = default;
    explicit SoundRecord(const SoundRow& row);

    template <typename Visit>
    void each_column(Visit visit) {
        visit("id", id_);
        visit("monitor_id", monitor_id_);
        visit("number", number_);
        visit("first_heard_at", first_heard_at_);
        visit("last_heard_at", last_heard_at_);
        visit("seconds", seconds_);
        visit("track_id", track_id_);
    }
    SoundRow row() const;

  private:
    std::string id_;
    std::string monitor_id_;
    long long number_ = 0;
    std::string first_heard_at_;
    std::string last_heard_at_;
    double seconds_ = 0;
    lib::Nullable<std::string> track_id_;
};

class SoundPlayRecord {
  public:
    SoundPlayRecord() = default;
    explicit SoundPlayRecord(const SoundPlayRow& row);

    template <typename Visit>
    void each_column(Visit visit) {
        visit("id", id_);
        visit("sound_id", sound_id_);
        visit("started_at", started_at_);
        visit("ended_at", ended_at_);
    }
    SoundPlayRow row() const;

  private:
    std::string id_;
    std::string sound_id_;
    std::string started_at_;
    std::string ended_at_;
};

}  // namespace audio_ident::catalog
