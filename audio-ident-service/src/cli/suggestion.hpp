#pragma once

#include <CLI/CLI.hpp>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace audio_ident::cli {

/// The candidate that somebody who wrote `word` most likely meant: at most a third of its letters differ, an exchange
/// of two neighbours counting as one. nullopt: none is near. Of two that are equally near the first.
std::optional<std::string> nearest_word(std::string_view word, std::span<const std::string> candidates);

/// A sentence about the first command or option of a command line that does not exist, with what was probably meant;
/// nullopt: all exist. `arguments` without the program's name.
std::optional<std::string> mistyped(const CLI::App& root, std::span<const std::string> arguments);

}  // namespace audio_ident::cli
