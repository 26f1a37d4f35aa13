#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "ingest/examine/same_recording.hpp"

namespace audio_ident::ingest {

/// How recordings are compared: by Chromaprint fingerprints, which the catalog keeps as text, and then as a whole.
struct MusicComparison {
    /// The words of a text, 32 bits for each 0.124 s; empty when it is not a fingerprint.
    std::function<std::vector<std::uint32_t>(const std::string& text)> words;
    /// From 0 to 1; 1: the same.
    std::function<double(std::span<const std::uint32_t> a, std::span<const std::uint32_t> b)> similarity;
    /// See same_recording.hpp.
    std::function<Overlap(const Recording& fresh, const Recording& known)> lay_over = {};
};

/// Those of audio/chromaprint.hpp and same_recording.hpp.
MusicComparison music_comparison();

}  // namespace audio_ident::ingest
