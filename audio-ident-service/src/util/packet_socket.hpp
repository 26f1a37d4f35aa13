#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <utility>

#include "util/descriptor.hpp"

namespace audio_ident::util {

/// One end of a connection between two processes (AF_UNIX, SOCK_SEQPACKET). Messages stay whole, and each can carry a
/// file descriptor. A message has a byte for its kind, and a body.
class PacketSocket {
  public:
    PacketSocket() = default;
    explicit PacketSocket(Descriptor descriptor) : descriptor_(std::move(descriptor)) {}
    /// Makes two connected ends. Programs that this one starts inherit neither. Throws std::system_error.
    static std::pair<PacketSocket, PacketSocket> make_pair();

    /// Waits while the other end's buffer is full. False: the other end is gone.
    bool send(char kind, std::span<const std::byte> body, int descriptor = -1) const;

    struct Received {
        char kind = 0;
        std::size_t size = 0;   ///< of the body
        Descriptor descriptor;  ///< that came with it
    };
    enum class Descriptors { refuse, take };
    enum class Wait { yes, no };
    /// Receives the next message and puts its body into `body`. nullopt when the other end is gone, when the message
    /// does not fit, and, with Wait::no, when there is no message.
    std::optional<Received> receive(std::span<std::byte> body, Descriptors descriptors = Descriptors::refuse,
                                    Wait wait = Wait::yes) const;

    int descriptor() const { return descriptor_.get(); }
    explicit operator bool() const { return static_cast<bool>(descriptor_); }
    void close() { descriptor_.reset(); }
    Descriptor take_descriptor() { return std::move(descriptor_); }

  private:
    Descriptor descriptor_;
};

}  // namespace audio_ident::util
