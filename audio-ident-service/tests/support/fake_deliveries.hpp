#pragma once

#include <algorithm>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "catalog/delivery_store.hpp"
#include "catalog/timestamp_text.hpp"

namespace audio_ident::test {

/// A DeliveryStore in memory. The contract tests run on it as on the real ones. Thread-safe.
class FakeDeliveries : public catalog::DeliveryStore {
  public:
    void add(const catalog::PlayRow& play, const std::string& monitor,
             catalog::Timestamp at = catalog::current_timestamp()) {
        const std::lock_guard lock(mutex_);
        waiting_.push_back({{play, monitor, at}, "", {}});
    }
    Result<std::int64_t> waiting(const Deadline&) override {
        const std::lock_guard lock(mutex_);
        return static_cast<std::int64_t>(waiting_.size());
    }
    Result<std::optional<catalog::Delivery>> claim(const std::string& sender, catalog::Timestamp now,
                                                   catalog::Timestamp until, const Deadline&) override {
        const std::lock_guard lock(mutex_);
        if (waiting_.empty()) return std::nullopt;
        auto& first = waiting_.front();
        if (!first.sender.empty() && first.sender != sender && first.until >= now) return std::nullopt;
        first.sender = sender;
        first.until = until;
        return first.delivery;
    }
    Result<bool> finish(const Uuid& play, const Deadline&) override {
        const std::lock_guard lock(mutex_);
        return erase([&](const Kept& kept) { return kept.delivery.play.id == play; }) > 0;
    }
    Result<std::int64_t> drop(catalog::Timestamp before, const Deadline&) override {
        const std::lock_guard lock(mutex_);
        return erase([&](const Kept& kept) { return kept.delivery.created_at < before; });
    }

  private:
    struct Kept {
        catalog::Delivery delivery;
        std::string sender;
        catalog::Timestamp until;
    };

    template <typename Condition>
    std::int64_t erase(Condition condition) {
        return static_cast<std::int64_t>(std::erase_if(waiting_, condition));
    }

    std::mutex mutex_;
    std::vector<Kept> waiting_;
};

}  // namespace audio_ident::test
