#include <functional>
#include <new>
#include <stdexcept>

#include "library.hpp"

namespace audio_ident::test {
namespace {

/// A snapshot whose look-ups do something of their own.
class SpoiledSnapshot final : public index::FingerprintSnapshot {
  public:
    using LookUp = std::function<Result<void>()>;

    SpoiledSnapshot(std::unique_ptr<FingerprintSnapshot> whole, LookUp look_up)
        : whole_(std::move(whole)), look_up_(std::move(look_up)) {}

    std::span<const index::SegmentInfo> segments() const override { return whole_->segments(); }
    void find(std::size_t, std::span<const index::Lookup>, std::int32_t, std::vector<std::uint32_t>&) const override {
        status_ = look_up_();
    }
    std::uint64_t count_bound(std::size_t segment, const index::Lookup& lookup) const override {
        return whole_->count_bound(segment, lookup);
    }
    std::optional<index::Location> locate(std::size_t segment, std::uint32_t position) const override {
        return whole_->locate(segment, position);
    }
    TrackId track_id(std::uint32_t track) const override { return whole_->track_id(track); }
    void peaks(std::uint32_t track, std::uint32_t first, std::uint32_t end,
               std::vector<fingerprint::Peak>& peaks) const override {
        whole_->peaks(track, first, end, peaks);
    }
    const index::IndexStats& stats() const override { return whole_->stats(); }
    Result<void> status() const override { return status_; }

  private:
    std::unique_ptr<FingerprintSnapshot> whole_;
    LookUp look_up_;
    mutable Result<void> status_;
};

class SpoiledReader final : public index::FingerprintIndexReader {
  public:
    SpoiledReader(index::FingerprintIndexReader& whole, SpoiledSnapshot::LookUp look_up)
        : whole_(whole), look_up_(std::move(look_up)) {}
    Result<std::unique_ptr<index::FingerprintSnapshot>> snapshot(const Deadline& deadline) override {
        return std::make_unique<SpoiledSnapshot>(whole_.snapshot(deadline).value(), look_up_);
    }

  private:
    index::FingerprintIndexReader& whole_;
    SpoiledSnapshot::LookUp look_up_;
};

class FailingIndexTest : public LaneTest {
  protected:
    Error error_of(SpoiledSnapshot::LookUp look_up) {
        SpoiledReader reader(library_->index().reader(), std::move(look_up));
        Executor alone(0);
        const search::ExactLane lane(reader, alone);
        const auto found = lane.search(section(library_->track(1), 5, 5).samples, {});
        return found ? Error{} : found.error();
    }
};

TEST_F(FailingIndexTest, TheLaneGivesTheSnapshotsOwnError) {
    const Error damaged{ErrorKind::corrupt, "the index is damaged; run this", {}};
    EXPECT_EQ(error_of([&]() -> Result<void> { return Unexpected(damaged); }), damaged);
}

TEST_F(FailingIndexTest, WhatTheSearchItselfThrowsIsNoDamage) {
    const Error memory = error_of([]() -> Result<void> { throw std::bad_alloc(); });
    EXPECT_EQ(memory.kind, ErrorKind::internal);
    EXPECT_EQ(memory.message, "the exact search ran out of memory");
    const Error bug = error_of([]() -> Result<void> { throw std::logic_error("a bug"); });
    EXPECT_EQ(bug.kind, ErrorKind::internal);
    EXPECT_EQ(bug.message, "the exact search failed: a bug");
}

}  // namespace
}  // namespace audio_ident::test
