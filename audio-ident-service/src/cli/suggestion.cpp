#include "cli/suggestion.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <sstream>

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

std::vector<std::string> command_names(const Command& command) {
    std::vector<std::string> names;
    for (const auto& below : command.commands) names.push_back(below.name);
    return names;
}

/// The long names of an option: "--yes" of "--yes,-y"; none of a positional one.
std::vector<std::string> long_names(const Option& option) {
    std::vector<std::string> names;
    std::istringstream text(option.names);
    for (std::string name; std::getline(text, name, ',');) {
        if (name.starts_with("--")) names.push_back(name);
    }
    return names;
}

enum class Value { none, next };

struct KnownOption {
    std::string name;
    Value value = Value::none;
};

/// The options that are valid in a command: its own, then those of the commands above it. `path` begins with the root.
std::vector<KnownOption> known_options(std::span<const Command* const> path) {
    std::vector<KnownOption> known;
    for (auto command = path.rbegin(); command != path.rend(); ++command) {
        known.push_back({"--help"});
        if (!(*command)->version.empty()) known.push_back({"--version"});
        for (const auto& option : (*command)->options) {
            const auto value = std::holds_alternative<bool*>(option.into) ? Value::none : Value::next;
            for (auto& name : long_names(option)) known.push_back({std::move(name), value});
        }
    }
    return known;
}

std::vector<std::string> names_of(const std::vector<KnownOption>& known) {
    std::vector<std::string> names;
    for (const auto& option : known) names.push_back(option.name);
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

std::optional<std::string> mistyped(const Command& root, std::span<const std::string> arguments) {
    std::vector<const Command*> path = {&root};
    for (std::size_t i = 0; i < arguments.size() && arguments[i] != "--"; ++i) {
        const std::string& argument = arguments[i];
        if (argument.starts_with("--")) {
            const auto name = argument.substr(0, argument.find('='));
            const auto known = known_options(path);
            const auto option = std::ranges::find(known, name, &KnownOption::name);
            if (option == known.end()) return sentence("option", name, names_of(known));
            if (argument.find('=') == std::string::npos && option->value == Value::next) ++i;
        } else if (const auto& commands = path.back()->commands; !argument.starts_with('-') && !commands.empty()) {
            const auto next = std::ranges::find(commands, argument, &Command::name);
            if (next == commands.end()) return sentence("command", argument, command_names(*path.back()));
            path.push_back(&*next);
        }
    }
    return std::nullopt;
}

}  // namespace audio_ident::cli
