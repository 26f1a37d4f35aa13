#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <random>
#include <stop_token>
#include <string>

#include "catalog/delivery_store.hpp"
#include "lib/curl/client.hpp"

namespace audio_ident::monitor {

/// A delivery is given up so long after its play became final.
inline constexpr std::chrono::days kDeliveryLives{7};
/// How long the receiver may take to answer.
inline constexpr std::chrono::seconds kAnswerTime{10};

/// How long to wait before the next try, after so many that failed in a row: a second first, then twice as long each
/// time, an hour at most; and up to a half less, by chance, so that not all services return to a receiver at the same
/// moment.
std::chrono::milliseconds pause_before_next_try(int failures, std::mt19937& random);

struct CourierParts {
    catalog::DeliveryStore& store;
    /// The event that tells of a play.
    std::function<std::string(const catalog::Delivery&)> body_of;
    /// Posts an event with this id (Webhook::post).
    std::function<Result<curl::Reply>(const std::string& id, const std::string& body, const Deadline&)> post;
};

/// Brings plays to the webhook: one at a time, in order, each until the receiver takes it. Of several services on a
/// catalog one does so at a time. Each play comes at least once: twice only when the program, or its catalog, failed
/// just after the receiver had taken it.
class Courier {
  public:
    /// `service` tells this service from others on the same catalog; the same after it was killed and started again.
    /// The store outlives it.
    Courier(CourierParts parts, std::string service);

    /// Delivers until a stop.
    void run(const std::stop_token& stop);
    /// Does what can be done at `now`: at most one try. Returns how long there is nothing else to do, as far as it
    /// knows. For one thread.
    std::chrono::milliseconds step(catalog::Timestamp now, const std::stop_token& stop = {});

    /// In the text format of Prometheus. Thread-safe.
    std::string metrics() const;

  private:
    std::chrono::milliseconds deliver(const catalog::Delivery& delivery, catalog::Timestamp now,
                                      const std::stop_token& stop);
    std::chrono::milliseconds finish(const Uuid& play);
    std::chrono::milliseconds put_off(const catalog::Delivery& delivery, const std::string& why,
                                      catalog::Timestamp now);
    void drop_old(catalog::Timestamp now);
    std::chrono::milliseconds cannot(const Error& error);

    CourierParts parts_;
    std::string service_;
    std::mt19937 random_;
    int failures_ = 0;              ///< in a row
    catalog::Timestamp try_at_{};   ///< not before
    catalog::Timestamp drop_at_{};  ///< when to look for old ones
    std::optional<Uuid> taken_;     ///< by the receiver, but the store does not know it yet
    std::string told_;              ///< the last failure of the store that was logged
    std::atomic<std::int64_t> waiting_ = 0;
    std::atomic<std::int64_t> delivered_ = 0;
    std::atomic<std::int64_t> failed_ = 0;  ///< tries
    std::atomic<std::int64_t> dropped_ = 0;
};

}  // namespace audio_ident::monitor
