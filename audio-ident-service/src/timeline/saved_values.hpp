#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <type_traits>

namespace audio_ident::timeline {

/// Values one after the other as bytes, in the machine's own order: for files that only the same machine reads again.
class ValueWriter {
  public:
    template <typename T>
    void put(const T& value) {
        static_assert(std::is_trivially_copyable_v<T>);
        bytes_.append(reinterpret_cast<const char*>(&value), sizeof value);
    }
    void put_count(std::size_t count) { put(static_cast<std::uint64_t>(count)); }
    const std::string& bytes() const { return bytes_; }

  private:
    std::string bytes_;
};

/// Reads what a ValueWriter wrote. After the first value that is not there, all are zero, and ok() is false.
class ValueReader {
  public:
    explicit ValueReader(std::string_view bytes) : bytes_(bytes) {}

    template <typename T>
    T take() {
        static_assert(std::is_trivially_copyable_v<T>);
        T value{};
        if (bytes_.size() < sizeof value) {
            ok_ = false;
            bytes_ = {};
            return value;
        }
        std::memcpy(&value, bytes_.data(), sizeof value);
        bytes_.remove_prefix(sizeof value);
        return value;
    }
    /// A number of things of which each takes at least so many bytes.
    std::size_t take_count(std::size_t least_bytes) {
        const auto count = take<std::uint64_t>();
        if (count <= bytes_.size() / least_bytes) return static_cast<std::size_t>(count);
        ok_ = false;
        bytes_ = {};
        return 0;
    }
    bool ok() const { return ok_; }
    bool at_end() const { return bytes_.empty(); }

  private:
    std::string_view bytes_;
    bool ok_ = true;
};

}  // namespace audio_ident::timeline
