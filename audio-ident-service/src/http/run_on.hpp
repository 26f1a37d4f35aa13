#pragma once

#include <boost/asio/awaitable.hpp>
#include <functional>

#include "http/bounded_pool.hpp"

namespace audio_ident::http {

/// Runs `work` on a pool while the calling coroutine waits. False when the pool's queue is full and the work was not
/// done.
boost::asio::awaitable<bool> run_on(BoundedPool& pool, std::function<void()> work);

}  // namespace audio_ident::http
