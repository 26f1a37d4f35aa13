#include "index/fingerprint/hiding_reader.hpp"

#include <algorithm>

namespace audio_ident::index {

namespace {

class HidingSnapshot : public FingerprintSnapshot {
  public:
    HidingSnapshot(std::unique_ptr<FingerprintSnapshot> whole, const std::vector<TrackId>& hidden)
        : whole_(std::move(whole)), hidden_(hidden) {}

    std::span<const SegmentInfo> segments() const override { return whole_->segments(); }
    void find(std::size_t segment, std::span<const Lookup> lookups, std::int32_t bias,
              std::vector<std::uint32_t>& offsets) const override {
        whole_->find(segment, lookups, bias, offsets);
    }
    std::uint64_t count_bound(std::size_t segment, const Lookup& lookup) const override {
        return whole_->count_bound(segment, lookup);
    }
    std::optional<Location> locate(std::size_t segment, std::uint32_t position) const override {
        auto location = whole_->locate(segment, position);
        if (location && std::find(hidden_.begin(), hidden_.end(), whole_->track_id(location->track)) != hidden_.end())
            return std::nullopt;
        return location;
    }
    TrackId track_id(std::uint32_t track) const override { return whole_->track_id(track); }
    void peaks(std::uint32_t track, std::uint32_t first, std::uint32_t end,
               std::vector<fingerprint::Peak>& peaks) const override {
        whole_->peaks(track, first, end, peaks);
    }
    bool is_far() const override { return whole_->is_far(); }
    void expect_peaks(std::span<const PeakRange> ranges) const override { whole_->expect_peaks(ranges); }
    const IndexStats& stats() const override { return whole_->stats(); }
    Result<void> status() const override { return whole_->status(); }

  private:
    std::unique_ptr<FingerprintSnapshot> whole_;
    const std::vector<TrackId>& hidden_;
};

}  // namespace

Result<std::unique_ptr<FingerprintSnapshot>> HidingReader::snapshot(const Deadline& deadline) {
    auto whole = reader_.snapshot(deadline);
    if (!whole) return whole;
    return std::make_unique<HidingSnapshot>(std::move(*whole), hidden_);
}

}  // namespace audio_ident::index
