#include "http/hang_up_watch.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/buffer.hpp>

namespace audio_ident::http {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

bool has_closed_its_side(tcp::socket& socket) {
    char byte = 0;
    error_code error;
    socket.non_blocking(true, error);
    const auto got = socket.receive(asio::buffer(&byte, 1), asio::socket_base::message_peek, error);
    return got == 0 && error != asio::error::would_block;
}

}  // namespace

HangUpWatch::HangUpWatch(tcp::socket& socket, std::stop_source stop) : active_(std::make_shared<bool>(true)) {
    auto on_readable = [&socket, stop = std::move(stop), active = active_](const error_code& error) mutable {
        if (!error && *active && has_closed_its_side(socket)) stop.request_stop();
    };
    socket.async_wait(tcp::socket::wait_read, asio::bind_cancellation_slot(signal_.slot(), std::move(on_readable)));
}

HangUpWatch::~HangUpWatch() {
    *active_ = false;
    signal_.emit(asio::cancellation_type::terminal);
}

}  // namespace audio_ident::http
