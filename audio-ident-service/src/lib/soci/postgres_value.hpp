#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace audio_ident::lib {

/// A parameter of a statement, in PostgreSQL's binary format.
class PostgresValue {
  public:
    static PostgresValue bytea(std::span<const std::byte> bytes);
    static PostgresValue bigint(std::int64_t number);
    /// bytea[]. Throws std::length_error above the gigabyte that PostgreSQL takes.
    static PostgresValue bytea_array(std::span<const std::span<const std::byte>> values);

    unsigned type() const { return type_; }  ///< its OID
    std::span<const std::byte> bytes() const { return bytes_; }

  private:
    PostgresValue(unsigned type, std::vector<std::byte> bytes) : type_(type), bytes_(std::move(bytes)) {}

    unsigned type_;
    std::vector<std::byte> bytes_;  ///< never empty storage: an empty value is not NULL
};

/// Reads a bigint. Throws std::length_error when it has not 8 bytes.
std::int64_t read_bigint(std::span<const std::byte> bytes);

}  // namespace audio_ident::lib
