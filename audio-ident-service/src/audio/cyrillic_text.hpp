#pragma once

#include <span>
#include <string>

namespace audio_ident::audio {

/// Whether 8-bit texts read as windows-1251 are Russian, Ukrainian, Belarusian or Bulgarian: words of Cyrillic letters
/// alone, with the case pattern of words, and with letters about as frequent as in Russian. Needs four letters at
/// least.
bool is_cyrillic(std::span<const std::string> texts);

}  // namespace audio_ident::audio
