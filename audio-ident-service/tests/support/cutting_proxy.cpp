#include "support/cutting_proxy.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <cerrno>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <system_error>
#include <unistd.h>

namespace audio_ident::test {
namespace {

sockaddr_in loopback(int port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    return address;
}

[[noreturn]] void failed(const char* what) {
    throw std::system_error(errno, std::generic_category(), what);
}

/// Passes on what is there, up to `left` bytes. False when the connection is to end.
bool pass(int from, int to, std::uint64_t& left) {
    std::array<char, 65536> block{};
    const auto got = ::recv(from, block.data(), std::min<std::uint64_t>(left, block.size()), 0);
    if (got <= 0) return false;
    for (ssize_t sent = 0; sent < got;) {
        const auto more = ::send(to, block.data() + sent, static_cast<std::size_t>(got - sent), MSG_NOSIGNAL);
        if (more <= 0) return false;
        sent += more;
    }
    left -= static_cast<std::uint64_t>(got);
    return left > 0;
}

}  // namespace

CuttingProxy::CuttingProxy(int port) : port_(port), socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    auto address = loopback(0);
    socklen_t size = sizeof address;
    if (::bind(socket_, reinterpret_cast<const sockaddr*>(&address), size) != 0 || ::listen(socket_, 16) != 0 ||
        ::getsockname(socket_, reinterpret_cast<sockaddr*>(&address), &size) != 0)
        failed("listen");
    own_port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { serve(); });
}

CuttingProxy::~CuttingProxy() {
    ::shutdown(socket_, SHUT_RDWR);
    thread_.join();
    ::close(socket_);
}

void CuttingProxy::serve() {
    while (true) {
        const int client = ::accept4(socket_, nullptr, nullptr, SOCK_CLOEXEC);
        if (client < 0) return;
        ++connections;
        pass_on(client);
        ::close(client);
    }
}

void CuttingProxy::pass_on(int client) {
    const int server = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const auto address = loopback(port_);
    const bool connected = ::connect(server, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
    const bool cut = cuts > 0;
    if (cut) --cuts;
    std::uint64_t up = cut ? to_server.load() : UINT64_MAX;
    std::uint64_t down = cut ? to_client.load() : UINT64_MAX;
    pollfd sides[] = {{client, POLLIN, 0}, {server, POLLIN, 0}, {socket_, POLLHUP, 0}};
    while (connected && ::poll(sides, 3, -1) > 0) {
        if (sides[2].revents & (POLLHUP | POLLERR)) break;
        if (sides[0].revents && !pass(client, server, up)) break;
        if (sides[1].revents && !pass(server, client, down)) break;
    }
    ::close(server);
}

}  // namespace audio_ident::test
