#pragma once

#include <span>
#include <string>
#include <string_view>

namespace audio_ident::audio {

/// Which of Shift_JIS, GBK, Big5 and windows-949 (Korean) these 8-bit texts are in, by the ranges that hold each
/// language's common characters. Empty when none or more than one is plausible.
std::string_view detect_east_asian(std::span<const std::string> texts);

}  // namespace audio_ident::audio
