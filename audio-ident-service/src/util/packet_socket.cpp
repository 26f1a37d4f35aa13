#include "util/packet_socket.hpp"

#include <cerrno>
#include <cstring>
#include <sys/socket.h>
#include <sys/uio.h>
#include <system_error>

namespace audio_ident::util {
namespace {

/// Room for one descriptor beside a message.
union Control {
    cmsghdr aligned;
    char bytes[CMSG_SPACE(sizeof(int))];
};

}  // namespace

std::pair<PacketSocket, PacketSocket> PacketSocket::make_pair() {
    int ends[2];
    if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0) {
        throw std::system_error(errno, std::generic_category(), "socketpair");
    }
    return {PacketSocket(Descriptor(ends[0])), PacketSocket(Descriptor(ends[1]))};
}

bool PacketSocket::send(char kind, std::span<const std::byte> body, int descriptor) const {
    iovec parts[2] = {{&kind, 1}, {const_cast<std::byte*>(body.data()), body.size()}};
    msghdr message{};
    message.msg_iov = parts;
    message.msg_iovlen = 2;
    Control control{};
    if (descriptor >= 0) {
        message.msg_control = control.bytes;
        message.msg_controllen = sizeof control.bytes;
        cmsghdr* header = CMSG_FIRSTHDR(&message);
        header->cmsg_level = SOL_SOCKET;
        header->cmsg_type = SCM_RIGHTS;
        header->cmsg_len = CMSG_LEN(sizeof descriptor);
        std::memcpy(CMSG_DATA(header), &descriptor, sizeof descriptor);
    }
    while (true) {
        if (::sendmsg(descriptor_.get(), &message, MSG_NOSIGNAL) >= 0) return true;
        if (errno != EINTR) return false;
    }
}

std::optional<PacketSocket::Received> PacketSocket::receive(std::span<std::byte> body, Descriptors descriptors,
                                                            Wait wait) const {
    Received received;
    iovec parts[2] = {{&received.kind, 1}, {body.data(), body.size()}};
    msghdr message{};
    message.msg_iov = parts;
    message.msg_iovlen = 2;
    Control control{};
    if (descriptors == Descriptors::take) {  // else the kernel closes what is sent
        message.msg_control = control.bytes;
        message.msg_controllen = sizeof control.bytes;
    }
    ssize_t count = -1;
    do {
        count = ::recvmsg(descriptor_.get(), &message, MSG_CMSG_CLOEXEC | (wait == Wait::no ? MSG_DONTWAIT : 0));
    } while (count < 0 && errno == EINTR);
    if (descriptors == Descriptors::take) {
        const cmsghdr* header = CMSG_FIRSTHDR(&message);
        if (header != nullptr && header->cmsg_level == SOL_SOCKET && header->cmsg_type == SCM_RIGHTS) {
            int descriptor = -1;
            std::memcpy(&descriptor, CMSG_DATA(header), sizeof descriptor);
            received.descriptor = Descriptor(descriptor);
        }
    }
    if (count < 1 || (message.msg_flags & MSG_TRUNC) != 0) return std::nullopt;
    received.size = static_cast<std::size_t>(count) - 1;
    return received;
}

}  // namespace audio_ident::util
