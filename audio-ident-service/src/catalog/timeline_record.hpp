#pragma once

#include <string>

#include "catalog/timeline_store.hpp"
#include "lib/soci/query.hpp"

namespace audio_ident::catalog {

/// A row of `timelines` with the member types that SOCI binds and fetches. Do not move it while a query uses it.
class TimelineRecord {
  public:
    TimelineRecord() = default;
    explicit TimelineRecord(const TimelineRow& row);

    /// Calls visit("column", member) for every column that never changes.
    template <typename Visit>
    void each_fixed_column(Visit visit) {
        visit("name", name_);
        visit("recording", recording_);
        visit("min_confidence", min_confidence_);
        visit("created_at", created_at_);
    }
    /// Calls visit("column", member) for every column that a job changes.
    template <typename Visit>
    void each_changing_column(Visit visit) {
        visit("status", status_);
        visit("finished_at", finished_at_);
        visit("error", error_);
        visit("restarts", restarts_);
        visit("heard_seconds", heard_seconds_);
        visit("total_seconds", total_seconds_);
    }
    /// Of all columns but the result, in the order of their selection.
    template <typename Visit>
    void each_column(Visit visit) {
        visit("id", id_);
        each_fixed_column(visit);
        each_changing_column(visit);
        visit("entries", entries_);
    }

    /// The row that was fetched last. Throws BadStoredValue.
    TimelineRow row() const;

  private:
    std::string id_;
    std::string name_;
    std::string recording_;
    double min_confidence_ = 0;
    std::string created_at_;
    std::string status_;
    lib::Nullable<std::string> finished_at_;
    lib::Nullable<std::string> error_;
    long long restarts_ = 0;
    double heard_seconds_ = 0;
    lib::Nullable<double> total_seconds_;
    long long entries_ = 0;
};

}  // namespace audio_ident::catalog
