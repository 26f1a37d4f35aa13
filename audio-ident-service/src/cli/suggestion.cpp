#include "cli/suggestion.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "cli/text.hpp"

namespace audio_ident::cli {
namespace {

/// The number of edits that turn one word into the other (optimal string alignment).
std::size_t distance(std::string_view a, std::string_view b) {
    std::vector<std::vector<std::size_t>> edits(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
    for (std::size_t i = 0; i <= a.size(); ++i) edits[i][0] = i;
    for (std::size_t j = 0; j <= b.size(); ++j) edits[0][j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t replaced = edits[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
            edits[i][j] = std::min({edits[i - 1][j] + 1, edits[i][j - 1] + 1, replaced});
            const bool exchanged = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
            if (exchanged) edits[i][j] = std::min(edits[i][j], edits[i - 2][j - 2] + 1);
        }
    }
    return edits[a.size()][b.size()];
}

std::vector<std::string> command_names(const CLI::App& command) {
    std::vector<std::string> names;
    for (const auto* subcommand : command.get_subcommands([](const CLI::App*) { return true; }))
        names.push_back(subcommand->get_name());
    return names;
}

const CLI::App* find_command(const CLI::App& command, const std::string& name) {
    const auto found = command.get_subcommands([&](const CLI::App* other) { return other->check_name(name); });
    return found.empty() ? nullptr : found.front();
}

/// The option of this name in the command or in one above it; nullptr when there is none.
const CLI::Option* find_option(const CLI::App* command, const std::string& name) {
    for (; command; command = command->get_parent()) {
        if (const auto* option = command->get_option_no_throw(name)) return option;
    }
    return nullptr;
}

std::vector<std::string> option_names(const CLI::App* command) {
    std::vector<std::string> names;
    for (; command; command = command->get_parent()) {
        for (const auto* option : command->get_options()) {
            for (const auto& name : option->get_lnames()) names.push_back("--" + name);
        }
    }
    return names;
}

std::string sentence(std::string_view kind, std::string_view word, const std::vector<std::string>& candidates) {
    auto text = fmt::format("there is no {} \"{}\"", kind, one_line(word));
    if (const auto meant = nearest_word(word, candidates)) text += fmt::format("; did you mean \"{}\"?", *meant);
    return text;
}

}  // namespace

std::optional<std::string> nearest_word(std::string_view word, std::span<const std::string> candidates) {
    const std::size_t most = std::max<std::size_t>(1, word.size() / 3);
    std::optional<std::string> nearest;
    std::size_t best = most + 1;
    for (const auto& candidate : candidates) {
        const std::size_t edits = distance(word, candidate);
        if (edits < best) {
            best = edits;
            nearest = candidate;
        }
    }
    return nearest;
}

std::optional<std::string> mistyped(const CLI::App& root, std::span<const std::string> arguments) {
    const CLI::App* command = &root;
    for (std::size_t i = 0; i < arguments.size() && arguments[i] != "--"; ++i) {
        const std::string& argument = arguments[i];
        if (argument.starts_with("--")) {
            const auto name = argument.substr(0, argument.find('='));
            const auto* option = find_option(command, name);
            if (!option) return sentence("option", name, option_names(command));
            if (argument.find('=') == std::string::npos && option->get_expected_min() > 0) ++i;  // its value
        } else if (!argument.starts_with('-') && !command_names(*command).empty()) {
            const CLI::App* next = find_command(*command, argument);
            if (!next) return sentence("command", argument, command_names(*command));
            command = next;
        }
    }
    return std::nullopt;
}

}  // namespace audio_ident::cli
