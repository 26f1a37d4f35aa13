#include "monitor/webhook/courier.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include "catalog/timestamp_text.hpp"
#include "monitor/webhook/webhook.hpp"
#include "util/wait_for_stop.hpp"

namespace audio_ident::monitor {
namespace {

using catalog::Delivery;
using catalog::Timestamp;
using std::chrono::milliseconds;

constexpr milliseconds kLook = std::chrono::seconds(1);  // for new deliveries
constexpr milliseconds kFirstPause = std::chrono::seconds(1);
constexpr milliseconds kLongestPause = std::chrono::hours(1);
constexpr auto kClaimLasts = std::chrono::seconds(30);  // longer than a try
constexpr auto kClaimAgain = std::chrono::seconds(5);   // when another service has them
constexpr auto kDropEvery = std::chrono::hours(1);

Deadline soon() {
    return Deadline::after(std::chrono::seconds(5));
}

/// Why the receiver has not taken it; empty: it has.
std::string refusal(const curl::Reply& reply) {
    if (is_taken(reply)) return {};
    if (reply.status >= 300 && reply.status < 400)
        return fmt::format("the receiver answered {}, and redirects are not followed", reply.status);
    return fmt::format("the receiver answered {}", reply.status);
}

}  // namespace

milliseconds pause_before_next_try(int failures, std::mt19937& random) {
    auto pause = kFirstPause;
    for (int i = 1; i < failures && pause < kLongestPause; ++i) pause *= 2;
    std::uniform_real_distribution<double> factor(0.5, 1);
    return std::chrono::duration_cast<milliseconds>(std::min(pause, kLongestPause) * factor(random));
}

Courier::Courier(CourierParts parts, std::string service)
    : parts_(std::move(parts)),
      service_(std::move(service)),
      random_(static_cast<std::uint32_t>(std::hash<std::string>()(service_))) {}

void Courier::run(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
        util::wait_for_stop(step(catalog::current_timestamp(), stop), stop);
    }
    // Another service need not wait for the next try of this one.
    const auto now = catalog::current_timestamp();
    if (failures_ > 0) static_cast<void>(parts_.store.claim(service_, now, now, soon()));
}

milliseconds Courier::step(Timestamp now, const std::stop_token& stop) {
    const auto waiting = parts_.store.waiting(soon());
    if (!waiting) return cannot(waiting.error());
    waiting_ = *waiting;
    if (*waiting == 0) return kLook;
    drop_old(now);
    // A clock that was set back does not prolong the pause.
    const auto left = std::chrono::ceil<milliseconds>(try_at_ - now);
    if (left > milliseconds(0) && left <= kLongestPause) return std::min(left, kLook);
    const auto delivery = parts_.store.claim(service_, now, now + kClaimLasts, soon());
    if (!delivery) return cannot(delivery.error());
    told_.clear();
    if (*delivery) return deliver(**delivery, now, stop);
    try_at_ = now + kClaimAgain;
    return kLook;
}

milliseconds Courier::deliver(const Delivery& delivery, Timestamp now, const std::stop_token& stop) {
    const auto& play = delivery.play.id;
    if (taken_ == play) return finish(play);
    const auto reply = parts_.post(play.to_string(), parts_.body_of(delivery), Deadline::after(kAnswerTime, stop));
    if (!reply && stop.stop_requested()) return kLook;
    const auto why = reply ? refusal(*reply) : reply.error().message;
    if (!why.empty()) return put_off(delivery, why, now);
    failures_ = 0;
    delivered_ += 1;
    taken_ = play;
    return finish(play);
}

milliseconds Courier::finish(const Uuid& play) {
    const auto finished = parts_.store.finish(play, soon());
    if (!finished) return cannot(finished.error());
    if (*finished) waiting_ -= 1;
    taken_.reset();
    return milliseconds(0);
}

milliseconds Courier::put_off(const Delivery& delivery, const std::string& why, Timestamp now) {
    failed_ += 1;
    const auto pause = pause_before_next_try(++failures_, random_);
    try_at_ = now + pause;
    // No other service tries meanwhile.
    const auto kept = parts_.store.claim(service_, now, try_at_ + kClaimLasts, soon());
    if (!kept) static_cast<void>(cannot(kept.error()));
    spdlog::warn("the webhook did not take \"{}\" of the monitor \"{}\": {}; next try in {:.0f} s, plays that wait: {}",
                 delivery.play.title, delivery.monitor, why, std::chrono::duration<double>(pause).count(),
                 waiting_.load());
    return std::min(pause, kLook);
}

void Courier::drop_old(Timestamp now) {
    if (now < drop_at_) return;
    drop_at_ = now + kDropEvery;
    const auto dropped = parts_.store.drop(now - kDeliveryLives, soon());
    if (!dropped || *dropped == 0) return;
    dropped_ += *dropped;
    waiting_ -= *dropped;
    spdlog::warn("plays that are given up, because the webhook did not take them for {} days: {}",
                 kDeliveryLives.count(), *dropped);
}

milliseconds Courier::cannot(const Error& error) {
    if (error.message != told_) spdlog::warn("webhook: {}", error.message);
    told_ = error.message;
    return kLook;
}

std::string Courier::metrics() const {
    std::string text;
    const auto family = [&](const char* name, const char* type, const char* help, std::int64_t value) {
        text += fmt::format("# HELP {0} {2}\n# TYPE {0} {1}\n{0} {3}\n", name, type, help, value);
    };
    family("audioident_webhook_waiting", "gauge", "Final plays that the webhook has not taken yet", waiting_);
    family("audioident_webhook_delivered_total", "counter", "Plays that the webhook took", delivered_);
    family("audioident_webhook_failed_attempts_total", "counter", "Tries after which it had not", failed_);
    family("audioident_webhook_dropped_total", "counter", "Plays that were given up because they were too old",
           dropped_);
    return text;
}

}  // namespace audio_ident::monitor
