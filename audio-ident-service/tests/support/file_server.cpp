#include "support/file_server.hpp"

#include <algorithm>
#include <cerrno>
#include <netinet/in.h>
#include <sstream>
#include <sys/socket.h>
#include <system_error>
#include <unistd.h>

#include "support/files.hpp"

namespace audio_ident::test {

namespace {

void send_all(int client, const void* data, std::size_t size) {
    const char* at = static_cast<const char*>(data);
    while (size > 0) {
        const ssize_t sent = ::send(client, at, size, MSG_NOSIGNAL);
        if (sent <= 0) return;  // The client disconnected.
        at += sent;
        size -= static_cast<std::size_t>(sent);
    }
}

std::string request_of(int client) {
    std::string request;
    char block[1024];
    while (request.find("\r\n\r\n") == std::string::npos) {
        const ssize_t got = ::recv(client, block, sizeof block, 0);
        if (got <= 0) break;
        request.append(block, static_cast<std::size_t>(got));
    }
    return request;
}

}  // namespace

FileServer::FileServer(std::filesystem::path folder)
    : folder_(std::move(folder)), socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    if (::bind(socket_, generic, size) != 0 || ::listen(socket_, 8) != 0 ||
        ::getsockname(socket_, generic, &size) != 0) {
        throw std::system_error(errno, std::generic_category(), "a file server");
    }
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { serve(); });
}

FileServer::~FileServer() {
    ::shutdown(socket_, SHUT_RDWR);  // This ends accept().
    thread_.join();
    ::close(socket_);
}

void FileServer::serve() {
    while (true) {
        const int client = ::accept(socket_, nullptr, nullptr);
        if (client < 0) return;
        answer(client);
        ::close(client);
    }
}

void FileServer::answer(int client) {
    std::istringstream lines(request_of(client));
    std::string method;
    std::string path;
    lines >> method >> path;
    std::uint64_t from = 0;
    for (std::string line; std::getline(lines, line);) {
        if (line.starts_with("Range: bytes=") && gives_parts) from = std::stoull(line.substr(13));
    }
    if (const int status = refuses_with.exchange(0); status != 0) {
        const auto refusal =
            "HTTP/1.1 " + std::to_string(status) + " Refused\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
        return send_all(client, refusal.data(), refusal.size());
    }
    std::error_code ignored;
    const auto file = folder_ / path.substr(std::min<std::size_t>(1, path.size()));
    if (!std::filesystem::is_regular_file(file, ignored)) {
        const std::string none = "HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 2\r\n\r\nno";
        return send_all(client, none.data(), none.size());
    }
    const auto bytes = read_file(file);
    const std::uint64_t count = bytes.size() - std::min<std::uint64_t>(from, bytes.size());
    std::string head = from > 0 ? "HTTP/1.1 206 Partial Content\r\nContent-Range: bytes " + std::to_string(from) + "-" +
                                      std::to_string(bytes.size() - 1) + "/" + std::to_string(bytes.size())
                                : "HTTP/1.1 200 OK";
    head += "\r\nConnection: close\r\nContent-Length: " + std::to_string(count) + "\r\n\r\n";
    send_all(client, head.data(), head.size());
    const std::uint64_t limit = breaks_after.exchange(0);
    const std::uint64_t given = limit == 0 ? count : std::min(limit, count);
    sent += given;  // Count first, because the client may finish before this thread continues.
    send_all(client, bytes.data() + (bytes.size() - count), given);
}

}  // namespace audio_ident::test
