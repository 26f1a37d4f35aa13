#pragma once

#include <filesystem>

#include "audio/decoder.hpp"
#include "catalog/track.hpp"
#include "core/deadline.hpp"
#include "core/result.hpp"

namespace audio_ident::api {

/// Recordings transcoded to Opus (80 kbit/s a channel) for browsers that cannot play the originals. They are kept as
/// files under the hash of the original's content, so that all ranges of a recording come from the same bytes. The
/// oldest files are removed when all together exceed kMaxBytes. Thread-safe.
class OpusCache {
  public:
    static constexpr std::uintmax_t kMaxBytes = std::uintmax_t{2} << 30;

    explicit OpusCache(std::filesystem::path folder) : folder_(std::move(folder)) {}

    /// The transcoded file, made when it does not exist. Fails like Decoder::decode(), and with not_available when it
    /// cannot be written.
    Result<std::filesystem::path> find(const audio::Decoder& decoder, const catalog::Track& track,
                                       audio::Channels channels, const Deadline& deadline) const;

  private:
    void forget_old() const;

    std::filesystem::path folder_;
};

}  // namespace audio_ident::api
