#include "http/run_on.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <memory>

namespace audio_ident::http {

namespace asio = boost::asio;

asio::awaitable<bool> run_on(BoundedPool& pool, std::function<void()> work) {
    auto executor = co_await asio::this_coro::executor;
    auto start = [&pool, executor, work = std::move(work)](auto handler) mutable {
        auto shared = std::make_shared<decltype(handler)>(std::move(handler));
        const auto resume = [executor, shared](bool done) {
            asio::post(executor, [shared, done] { std::move (*shared)(done); });
        };
        const bool taken = pool.submit([work = std::move(work), resume] {
            work();
            resume(true);
        });
        if (!taken) resume(false);
    };
    co_return co_await asio::async_initiate<decltype(asio::use_awaitable), void(bool)>(start, asio::use_awaitable);
}

}  // namespace audio_ident::http
