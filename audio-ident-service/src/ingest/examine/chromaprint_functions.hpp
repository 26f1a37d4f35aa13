#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

namespace audio_ident::ingest {

/// How Chromaprint fingerprints, which the catalog keeps as text, are read and compared.
struct ChromaprintFunctions {
    /// The words of a text, 32 bits for each 0.124 s; empty when it is not a fingerprint.
    std::function<std::vector<std::uint32_t>(const std::string& text)> words;
    /// From 0 to 1; 1: the same.
    std::function<double(std::span<const std::uint32_t> a, std::span<const std::uint32_t> b)> similarity;
};

/// Those of audio/chromaprint.hpp.
ChromaprintFunctions chromaprint_functions();

}  // namespace audio_ident::ingest
