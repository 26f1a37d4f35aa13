#include "lib/soci/postgres_value.hpp"

#include <stdexcept>
#include <utility>

namespace audio_ident::lib {
namespace {

// Of pg_type; they never change.
constexpr unsigned kBytea = 17;
constexpr unsigned kBigint = 20;
constexpr unsigned kByteaArray = 1001;

constexpr std::size_t kMostBytes = std::size_t{1} << 30;

void append(std::vector<std::byte>& bytes, std::uint32_t number) {
    for (int shift = 24; shift >= 0; shift -= 8) bytes.push_back(std::byte(number >> shift & 255U));
}

}  // namespace

PostgresValue PostgresValue::bytea(std::span<const std::byte> bytes) {
    std::vector<std::byte> copy;
    copy.reserve(bytes.size() + 1);  // libpq takes a null pointer for NULL
    copy.assign(bytes.begin(), bytes.end());
    return {kBytea, std::move(copy)};
}

PostgresValue PostgresValue::bigint(std::int64_t number) {
    std::vector<std::byte> bytes;
    const auto bits = static_cast<std::uint64_t>(number);
    append(bytes, static_cast<std::uint32_t>(bits >> 32));
    append(bytes, static_cast<std::uint32_t>(bits));
    return {kBigint, std::move(bytes)};
}

PostgresValue PostgresValue::bytea_array(std::span<const std::span<const std::byte>> values) {
    std::size_t size = 20 + 4 * values.size();
    for (const auto& value : values) size += value.size();
    if (size > kMostBytes) throw std::length_error("too many bytes for one statement");
    std::vector<std::byte> bytes;
    bytes.reserve(size);
    // Dimensions, whether there are NULLs, the type; then the only dimension's size and first subscript.
    const auto count = static_cast<std::uint32_t>(values.size());
    for (const std::uint32_t number : {values.empty() ? 0U : 1U, 0U, kBytea}) append(bytes, number);
    if (!values.empty()) {
        append(bytes, count);
        append(bytes, 1);
    }
    for (const auto& value : values) {
        append(bytes, static_cast<std::uint32_t>(value.size()));
        bytes.insert(bytes.end(), value.begin(), value.end());
    }
    return {kByteaArray, std::move(bytes)};
}

std::int64_t read_bigint(std::span<const std::byte> bytes) {
    if (bytes.size() != 8) throw std::length_error("a number of the database has a wrong size");
    std::uint64_t bits = 0;
    for (const std::byte byte : bytes) bits = bits << 8 | static_cast<std::uint64_t>(byte);
    return static_cast<std::int64_t>(bits);
}

}  // namespace audio_ident::lib
