#pragma once

#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <memory>
#include <stop_token>

namespace audio_ident::http {

/// While it lives, requests a stop as soon as the client closes its side. If the client sends the next request instead,
/// it stops watching.
class HangUpWatch {
  public:
    HangUpWatch(boost::asio::ip::tcp::socket& socket, std::stop_source stop);
    ~HangUpWatch();
    HangUpWatch(const HangUpWatch&) = delete;
    HangUpWatch& operator=(const HangUpWatch&) = delete;

  private:
    boost::asio::cancellation_signal signal_;
    std::shared_ptr<bool> active_;  ///< shared with the handler, which may still be queued when this ends
};

}  // namespace audio_ident::http
