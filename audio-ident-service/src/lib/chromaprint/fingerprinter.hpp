#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

struct ChromaprintContextPrivate;

namespace audio_ident::chromaprint {

/// One run of Chromaprint's default algorithm over mono 16-bit samples. Throws std::runtime_error where the library
/// fails. Each thread may have its own.
class Fingerprinter {
  public:
    explicit Fingerprinter(int sample_rate_hz);
    ~Fingerprinter();
    Fingerprinter(const Fingerprinter&) = delete;
    Fingerprinter& operator=(const Fingerprinter&) = delete;

    void feed(std::span<const std::int16_t> samples);
    /// Ends the input; the results below are there then.
    void finish();

    /// Compressed and base64-coded, as AcoustID takes it.
    std::string text() const;
    /// One item each eighth of a second or so; empty when the input was too short.
    std::vector<std::uint32_t> items() const;

  private:
    ChromaprintContextPrivate* context_;
};

/// The inverse of Fingerprinter::text(); nullopt for anything else, or the text of another algorithm.
std::optional<std::vector<std::uint32_t>> decode_fingerprint(std::string_view text);

}  // namespace audio_ident::chromaprint
