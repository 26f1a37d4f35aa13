#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace audio_ident::ingest {

/// 32 words of a Chromaprint fingerprint (one 32-bit word for each 0.124 s), from places that are the same for every
/// track. These 128 bytes tell nearly all unlike tracks apart, without their whole fingerprints.
class ChromaprintSketch {
  public:
    static constexpr std::size_t kWords = 32;
    /// In words: how far one recording may start before or after the other (5 s). audio::chromaprint_similarity() looks
    /// as far.
    static constexpr std::ptrdiff_t kMaxShift = 40;

    ChromaprintSketch() = default;
    explicit ChromaprintSketch(std::span<const std::uint32_t> words);

    /// The dense side of a comparison: made once for a track, and compared with many sketches.
    class Probe {
      public:
        explicit Probe(std::span<const std::uint32_t> words);

        /// False when the fingerprints certainly differ in more than kMaxErrorRate of their bits at every shift.
        /// Recordings of the same music differ in less than 15 % of the bits, unlike ones in about half.
        bool may_match(const ChromaprintSketch& sketch) const;

      private:
        struct Row {
            std::size_t begin = 0;  ///< of the sketch's places that lie in the track at this shift
            std::size_t end = 0;
            std::array<std::uint32_t, kWords> words{};
        };
        std::vector<Row> rows_;  ///< one for each shift
    };

    static constexpr double kMaxErrorRate = 0.32;

  private:
    std::size_t count_ = 0;
    std::array<std::uint32_t, kWords> words_{};
};

}  // namespace audio_ident::ingest
