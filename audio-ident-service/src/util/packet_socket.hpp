#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <utility>

#include "util/descriptor.hpp"

namespace audio_ident::util {

/// One end of a connection between two processes that keeps messages whole and can carry a descriptor beside each
/// (AF_UNIX, SOCK_SEQPACKET). A message is a byte that says what it is, and a body.
class PacketSocket {
  public:
    PacketSocket() = default;
    explicit PacketSocket(Descriptor descriptor) : descriptor_(std::move(descriptor)) {}
    /// Two connected ends, neither inherited by programs that this one starts. Throws std::system_error.
    static std::pair<PacketSocket, PacketSocket> make_pair();

    /// False when the other end is gone. Waits while the other end's buffer is full.
    bool send(char kind, std::span<const std::byte> body, int descriptor = -1) const;

    struct Received {
        char kind = 0;
        std::size_t size = 0;   ///< of the body
        Descriptor descriptor;  ///< that came with it
    };
    enum class Descriptors { refuse, take };
    enum class Wait { yes, no };
    /// The next message, its body in `body`. nullopt when the other end is gone, the message did not fit, or, with
    /// Wait::no, none is there.
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
