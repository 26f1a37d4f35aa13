#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"

// A conversation over a WebSocket, as a route sees it: the client sends bytes, the route texts. Nothing here knows
// sockets: http/conversation.cpp carries it.

namespace audio_ident::http {

/// Why a WebSocket is closed (RFC 6455, 7.4.1).
enum class CloseCode : std::uint16_t {
    normal = 1000,
    unsupported_data = 1003,  ///< what came is not what the route takes
    policy = 1008,            ///< a limit of the service
    too_big = 1009,
    internal_error = 1011,
    restart = 1012,  ///< the service ends or starts again
};

/// What a talk says to its client.
struct Said {
    std::vector<std::string> texts = {};
    std::optional<CloseCode> close = {};  ///< these are the last texts
};

/// One client's conversation. It never waits for the client. give() and end() are called on the I/O thread, next() and
/// refuse() on a pool, one of them at a time.
class Talk {
  public:
    virtual ~Talk() = default;

    /// Takes bytes of a message. Returns how many: fewer while the talk has enough to do.
    virtual std::size_t give(std::span<const std::byte> bytes) = 0;
    /// The client has sent an empty message: no more bytes come.
    virtual void end() = 0;
    /// A descriptor that can be written when give() takes more. end() may close it.
    virtual int input() const = 0;
    /// A descriptor that can be read when next() has something to do.
    virtual int output() const = 0;

    /// Computes what the client should hear next; must not throw.
    virtual Said next() = 0;
    /// The connection has to end: says why.
    virtual Said refuse(const Error& error, CloseCode code) = 0;
};

}  // namespace audio_ident::http
