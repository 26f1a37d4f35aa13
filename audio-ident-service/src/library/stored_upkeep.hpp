#pragma once

#include "library/open_stores.hpp"
#include "library/stored_changes.hpp"
#include "library/upkeep.hpp"

namespace audio_ident::library {

/// Upkeep over the stores.
class StoredUpkeep final : public Upkeep {
  public:
    /// Both outlive it.
    StoredUpkeep(OpenStores& stores, StoredChanges& changes) : stores_(stores), changes_(changes) {}

    Result<void> check_writable() const override;
    Result<std::optional<std::string>> check_audio(const Deadline& deadline) override;
    Result<IndexState> index(const Deadline& deadline) override;
    Result<Comparison> compare(const Deadline& deadline) override;
    Result<search::Calibration> calibration() override { return stores_.calibration(); }
    Result<CalibrationReport> calibrate(std::size_t tracks, CalibrationObserver& observer,
                                        const std::stop_token& stop) override;
    Result<void> forget_calibration() override { return stores_.store_calibration(std::nullopt); }
    Result<SchemaState> schema(const Deadline& deadline) override;
    Result<std::string> newest_schema() override;
    Result<std::vector<std::string>> upgrade_schema(const Deadline& deadline) override;
    Result<std::vector<std::string>> downgrade_schema(int steps, const Deadline& deadline) override;
    Result<void> reset(const Turn& turn) override;
    Result<CopyReport> copy(const CopyRequest& request, const Turn& turn, CopyObserver& observer) override;

  private:
    OpenStores& stores_;
    StoredChanges& changes_;
};

}  // namespace audio_ident::library
