#include "lib/curl/public_address.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <cstdint>
#include <cstring>
#include <netinet/in.h>
#include <span>

namespace audio_ident::curl {
namespace {

struct Range {
    std::uint32_t first;
    int bits;
};

constexpr std::array kSpecial = {
    Range{0x00000000, 8},   // this network
    Range{0x0A000000, 8},   // private
    Range{0x64400000, 10},  // shared by a provider
    Range{0x7F000000, 8},   // this machine
    Range{0xA9FE0000, 16},  // link-local
    Range{0xAC100000, 12},  // private
    Range{0xC0000000, 24},  // protocols
    Range{0xC0000200, 24},  // documentation
    Range{0xC0A80000, 16},  // private
    Range{0xC6120000, 15},  // benchmarks
    Range{0xC6336400, 24},  // documentation
    Range{0xCB007100, 24},  // documentation
    Range{0xE0000000, 3},   // multicast, reserved, broadcast
};

bool is_public_v4(std::uint32_t address) {
    return std::ranges::none_of(kSpecial, [&](const Range& range) {
        return (address >> (32 - range.bits)) == (range.first >> (32 - range.bits));
    });
}

std::uint32_t number(std::span<const std::uint8_t> bytes) {
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < 4; ++i) value = value << 8U | bytes[i];
    return value;
}

bool is_public_v6(std::span<const std::uint8_t, 16> bytes) {
    constexpr std::array<std::uint8_t, 12> kMapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};
    constexpr std::array<std::uint8_t, 12> kTranslated{0, 0x64, 0xFF, 0x9B};
    const auto head = bytes.first<12>();
    if (std::ranges::equal(head, kMapped) || std::ranges::equal(head, kTranslated))
        return is_public_v4(number(bytes.last(4)));
    if (bytes[0] == 0x20 && bytes[1] == 0x02) return is_public_v4(number(bytes.subspan(2)));   // 6to4
    if (bytes[0] == 0x20 && bytes[1] == 0x01 && bytes[2] == 0 && bytes[3] == 0) return false;  // Teredo
    return (bytes[0] & 0xE0U) == 0x20;                                                         // global unicast
}

}  // namespace

bool is_public(const sockaddr& address) {
    if (address.sa_family == AF_INET) {
        sockaddr_in v4{};
        std::memcpy(&v4, &address, sizeof v4);
        return is_public_v4(ntohl(v4.sin_addr.s_addr));
    }
    if (address.sa_family == AF_INET6) {
        sockaddr_in6 v6{};
        std::memcpy(&v6, &address, sizeof v6);
        return is_public_v6(std::span<const std::uint8_t, 16>(v6.sin6_addr.s6_addr, 16));
    }
    return false;
}

std::string text_of(const sockaddr& address) {
    std::array<char, INET6_ADDRSTRLEN> text{};
    const void* bytes = nullptr;
    if (address.sa_family == AF_INET) bytes = &reinterpret_cast<const sockaddr_in&>(address).sin_addr;
    if (address.sa_family == AF_INET6) bytes = &reinterpret_cast<const sockaddr_in6&>(address).sin6_addr;
    if (bytes == nullptr || ::inet_ntop(address.sa_family, bytes, text.data(), text.size()) == nullptr) return "?";
    return text.data();
}

}  // namespace audio_ident::curl
