#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <string>

namespace audio_ident::monitor {

/// Takes the titles out of a SHOUTcast or Icecast stream, which sends some after every so many bytes of sound: a byte
/// that tells their length in units of 16 bytes, and text such as StreamTitle='Band - Song';.
class Icy {
  public:
    using Sound = std::function<void(std::span<const std::byte>)>;
    using Title = std::function<void(const std::string&)>;

    /// 0 bytes: there are no titles.
    explicit Icy(std::size_t bytes_between) : between_(bytes_between), sound_left_(bytes_between) {}

    /// Passes on the sound, and each title. How the bytes are cut changes nothing.
    void consume(std::span<const std::byte> bytes, const Sound& sound, const Title& title);

  private:
    std::size_t between_;
    std::size_t sound_left_;             ///< before the next text
    std::optional<std::size_t> length_;  ///< of the text that arrives
    std::string text_;
};

/// The value of StreamTitle, as UTF-8; nullopt where there is none. "" is a title too.
std::optional<std::string> stream_title(const std::string& text);

}  // namespace audio_ident::monitor
