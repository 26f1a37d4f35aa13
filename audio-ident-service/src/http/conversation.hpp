#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/websocket/stream.hpp>
#include <memory>
#include <optional>

#include "http/bounded_pool.hpp"
#include "http/client_stream.hpp"
#include "http/talk.hpp"

namespace audio_ident::http {

/// Carries a Talk over the WebSocket of one client. What the client sends waits in its own network while the talk is
/// busy, and the talk waits while the client does not take what it says; both have limits. Lives on the I/O thread.
class Conversation {
  public:
    static constexpr std::size_t kMaxMessageBytes = 1 << 20;

    using UpgradeRequest = boost::beast::http::request<boost::beast::http::buffer_body>;

    /// The talk computes on `pool`, which must have room for every conversation.
    Conversation(ClientStream& client, BoundedPool& pool, std::unique_ptr<Talk> talk);
    ~Conversation();

    /// Answers the request, which asks for the upgrade, and talks until the client or the talk ends it.
    boost::asio::awaitable<void> run(const UpgradeRequest& request, std::string request_id);
    /// The service ends: so does the conversation, soon.
    void leave();

  private:
    using WebSocket = boost::beast::websocket::stream<boost::beast::tcp_stream&>;

    boost::asio::awaitable<void> listen();
    boost::asio::awaitable<bool> take(std::span<const std::byte> bytes);
    void end_input();
    boost::asio::awaitable<void> speak();
    boost::asio::awaitable<Said> next();
    boost::asio::awaitable<bool> say(const Said& said);
    void refuse(Error error, CloseCode code);
    void expect_more();
    void wake();

    struct Refusal {
        Error error;
        CloseCode code;
    };

    ClientStream& client_;
    BoundedPool& pool_;
    std::unique_ptr<Talk> talk_;
    WebSocket socket_;
    boost::asio::posix::stream_descriptor input_;   ///< a copy of Talk::input()
    boost::asio::posix::stream_descriptor output_;  ///< a copy of Talk::output()
    boost::asio::steady_timer silence_;             ///< no message came for too long
    boost::asio::steady_timer listening_ended_;
    std::optional<Refusal> refusal_;
    bool gone_ = false;       ///< the client is
    bool listening_ = false;  ///< listen() runs
};

}  // namespace audio_ident::http
