#pragma once

#include <cstdint>
#include <span>

namespace audio_ident::audio {

/// Tells how much sound was lost in a recording whose packets follow one another without a container, and so without
/// time stamps (MP3, AAC in ADTS): where more bytes are read for a packet than packets have, the rest is damage, which
/// lasted as long as so many bytes do on average. Exact at a constant bit rate.
class LostBytes {
  public:
    /// Notes a packet of `seconds`. `position`: bytes of the recording read so far. Tags between two recordings that
    /// were joined are no damage.
    void note(std::span<const std::uint8_t> packet, double seconds, std::int64_t position);
    /// The sound lost before the last packet. Bytes at the very end are none: a tag may lie there.
    double seconds() const { return lost_seconds_; }

  private:
    std::int64_t position_ = -1;
    double good_bytes_ = 0;
    double good_seconds_ = 0;
    double lost_seconds_ = 0;
    double pending_seconds_ = 0;
};

}  // namespace audio_ident::audio
