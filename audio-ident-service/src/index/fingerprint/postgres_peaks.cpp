#include "index/fingerprint/postgres_peaks.hpp"

#include <utility>

namespace audio_ident::index {

namespace {

constexpr std::size_t kBytesOfAnEntry = 128;  // beside the peaks, about

std::size_t bytes_of(const PostgresPeaks::Block& block) {
    return block->size() + kBytesOfAnEntry;
}

}  // namespace

PostgresPeaks::Block PostgresPeaks::find(std::int64_t epoch, std::uint64_t key) {
    const std::lock_guard lock(mutex_);
    if (epoch != epoch_) return nullptr;
    if (const auto found = recent_.find(key); found != recent_.end()) return found->second;
    const auto found = old_.find(key);
    if (found == old_.end()) return nullptr;
    Block block = std::move(found->second);
    old_.erase(found);
    old_bytes_ -= bytes_of(block);
    add(key, block);
    return block;
}

void PostgresPeaks::keep(std::int64_t epoch, std::uint64_t key, Block block) {
    const std::lock_guard lock(mutex_);
    if (epoch < epoch_) return;
    if (epoch > epoch_) {
        epoch_ = epoch;
        old_.clear();
        recent_.clear();
        old_bytes_ = recent_bytes_ = 0;
    }
    if (!recent_.contains(key)) add(key, std::move(block));
}

std::uint64_t PostgresPeaks::bytes() {
    const std::lock_guard lock(mutex_);
    return recent_bytes_ + old_bytes_;
}

void PostgresPeaks::add(std::uint64_t key, Block block) {
    const std::size_t bytes = bytes_of(block);
    if (recent_bytes_ + bytes > most_bytes_ / 2) {
        old_ = std::exchange(recent_, {});
        old_bytes_ = std::exchange(recent_bytes_, 0);
    }
    if (bytes > most_bytes_ / 2) return;
    recent_bytes_ += bytes;
    recent_.insert_or_assign(key, std::move(block));
}

}  // namespace audio_ident::index
