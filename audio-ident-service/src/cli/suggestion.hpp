#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cli/options.hpp"

namespace audio_ident::cli {

/// The candidate that somebody who wrote `word` most likely meant: at most a third of its letters differ. Swapping two
/// neighbours counts as one difference. Of several equally near candidates, the first. nullopt when none is near.
std::optional<std::string> nearest_word(std::string_view word, std::span<const std::string> candidates);

/// A sentence about the first command or option of a command line that does not exist, with a suggestion. nullopt when
/// all exist. `arguments` do not include the name of the program.
std::optional<std::string> mistyped(const Command& root, std::span<const std::string> arguments);

}  // namespace audio_ident::cli
