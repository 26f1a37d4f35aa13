#pragma once

#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <chrono>
#include <memory>

namespace audio_ident::http {

/// Limits how long the enclosing block waits for a client. The stream's own limit closes the connection, and the client
/// would never learn why; this one ends the read, so that a response can still be sent.
class ReadTimeout {
  public:
    ReadTimeout(boost::beast::tcp_stream& stream, std::chrono::seconds limit)
        : expired_(std::make_shared<bool>(false)), timer_(stream.get_executor(), limit) {
        stream.expires_after(limit + kBackstop);
        timer_.async_wait([weak = std::weak_ptr(expired_), &stream](const boost::system::error_code& cancelled) {
            const auto expired = weak.lock();
            if (cancelled || !expired) return;
            *expired = true;
            boost::system::error_code ignored;
            stream.socket().cancel(ignored);
        });
    }
    ReadTimeout(const ReadTimeout&) = delete;
    ReadTimeout& operator=(const ReadTimeout&) = delete;

    /// True when the limit has passed. The read has failed then, whatever its error says.
    bool expired() const { return *expired_; }

  private:
    /// A cancellation misses a read that is just starting.
    static constexpr auto kBackstop = std::chrono::seconds(5);

    std::shared_ptr<bool> expired_;  ///< owned here; the handler may still be queued after this is destroyed
    boost::asio::steady_timer timer_;
};

}  // namespace audio_ident::http
