#include "http/rate_limit.hpp"

#include <algorithm>
#include <cmath>

namespace audio_ident::http {

namespace {

/// With more clients than this, those whose allowance is full again are forgotten: they are like new clients.
constexpr std::size_t kMaxClients = 10'000;

}  // namespace

std::chrono::seconds RateLimiter::check(const std::string& client, Clock::time_point now) {
    if (per_minute_ == 0) return {};
    if (clients_.size() > kMaxClients) {
        std::erase_if(clients_, [&](const auto& entry) { return now - entry.second.at > std::chrono::minutes(1); });
    }
    const double full = per_minute_;
    const auto [entry, is_new] = clients_.try_emplace(client, Bucket{full, now});
    Bucket& bucket = entry->second;
    const std::chrono::duration<double> passed = now - bucket.at;
    bucket.tokens = std::min(full, bucket.tokens + passed.count() * full / 60);
    bucket.at = now;
    if (bucket.tokens >= 1) {
        bucket.tokens -= 1;
        return {};
    }
    return std::chrono::seconds(static_cast<long>(std::ceil((1 - bucket.tokens) * 60 / full)));
}

}  // namespace audio_ident::http
