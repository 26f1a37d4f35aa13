#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

struct ChromaprintContextPrivate;

namespace audio_ident::chromaprint {

/// Runs Chromaprint's default algorithm over mono 16-bit samples. Throws std::runtime_error when the library fails.
/// Different threads may use different objects.
class Fingerprinter {
  public:
    explicit Fingerprinter(int sample_rate_hz);
    ~Fingerprinter();
    Fingerprinter(const Fingerprinter&) = delete;
    Fingerprinter& operator=(const Fingerprinter&) = delete;

    void feed(std::span<const std::int16_t> samples);
    /// Ends the input. Call it before text() and items().
    void finish();

    /// The fingerprint, compressed and base64-coded as AcoustID expects it.
    std::string text() const;
    /// The items, about eight per second; empty when the input was too short.
    std::vector<std::uint32_t> items() const;

  private:
    ChromaprintContextPrivate* context_;
};

/// The inverse of Fingerprinter::text(); nullopt for anything else, including the text of another algorithm.
std::optional<std::vector<std::uint32_t>> decode_fingerprint(std::string_view text);

}  // namespace audio_ident::chromaprint
