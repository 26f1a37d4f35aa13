#include "core/uuid.hpp"

#include <algorithm>
#include <boost/uuid/random_generator.hpp>
#include <boost/uuid/uuid.hpp>
#include <cstddef>
#include <cstring>

namespace audio_ident {

Uuid Uuid::random() {
    thread_local boost::uuids::random_generator generator;
    const boost::uuids::uuid made = generator();
    Bytes bytes;
    std::copy(made.begin(), made.end(), bytes.begin());
    return Uuid(bytes);
}

std::optional<Uuid> Uuid::parse(std::string_view text) {
    if (text.size() != 36) return std::nullopt;
    Bytes bytes{};
    std::size_t nibble = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (i == 8 || i == 13 || i == 18 || i == 23) {
            if (text[i] != '-') return std::nullopt;
            continue;
        }
        const char c = text[i];
        int value = 0;
        if (c >= '0' && c <= '9') value = c - '0';
        else if (c >= 'a' && c <= 'f') value = c - 'a' + 10;
        else if (c >= 'A' && c <= 'F') value = c - 'A' + 10;
        else return std::nullopt;
        std::uint8_t& byte = bytes[nibble / 2];
        byte = static_cast<std::uint8_t>(byte << 4 | value);
        ++nibble;
    }
    return Uuid(bytes);
}

std::string Uuid::to_string() const {
    static constexpr char kDigits[] = "0123456789abcdef";
    std::string text;
    text.reserve(36);
    for (std::size_t i = 0; i < bytes_.size(); ++i) {
        if (i == 4 || i == 6 || i == 8 || i == 10) text += '-';
        text += kDigits[bytes_[i] >> 4];
        text += kDigits[bytes_[i] & 15];
    }
    return text;
}

}  // namespace audio_ident

std::size_t std::hash<audio_ident::Uuid>::operator()(const audio_ident::Uuid& uuid) const noexcept {
    std::uint64_t words[2];
    std::memcpy(words, uuid.bytes().data(), sizeof words);
    return words[0] ^ (words[1] * 0x9E3779B97F4A7C15ULL);
}
