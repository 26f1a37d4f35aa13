#include "config/env_file.hpp"

#include <cctype>
#include <optional>

namespace audio_ident::config {
namespace {

constexpr std::string_view kBlank = " \t\r";

void skip_blank(std::string_view& rest) {
    rest.remove_prefix(std::min(rest.find_first_not_of(kBlank), rest.size()));
}

std::string take_name(std::string_view& rest) {
    std::size_t length = 0;
    const auto is_name = [](unsigned char c) { return std::isalnum(c) != 0 || c == '_'; };
    while (length < rest.size() && is_name(static_cast<unsigned char>(rest[length]))) ++length;
    std::string name(rest.substr(0, length));
    rest.remove_prefix(length);
    return name;
}

/// Takes the quoted value at the start of `rest`, without its quotes; nullopt when the closing quote is missing.
std::optional<std::string> take_quoted(std::string_view& rest) {
    const char quote = rest.front();
    std::string value;
    for (std::size_t i = 1; i < rest.size(); ++i) {
        const char c = rest[i];
        if (c == quote) {
            rest.remove_prefix(i + 1);
            return value;
        }
        if (c == '\\' && quote == '"' && i + 1 < rest.size()) {
            const char escaped = rest[++i];
            switch (escaped) {
                case 'n': value += '\n'; break;
                case 't': value += '\t'; break;
                case '"':
                case '\\':
                case '$': value += escaped; break;
                default: (value += '\\') += escaped;
            }
            continue;
        }
        value += c;
    }
    return std::nullopt;
}

std::string take_plain(std::string_view rest) {
    std::size_t end = 0;
    while (end < rest.size() && !(rest[end] == '#' && (end == 0 || rest[end - 1] == ' ' || rest[end - 1] == '\t')))
        ++end;
    rest = rest.substr(0, end);
    const auto last = rest.find_last_not_of(kBlank);
    return std::string(rest.substr(0, last == std::string_view::npos ? 0 : last + 1));
}

}  // namespace

Result<std::vector<EnvEntry>> parse_env_file(std::string_view text, std::string_view label) {
    static constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
    if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());

    std::vector<EnvEntry> entries;
    for (int line = 1; !text.empty(); ++line) {
        const auto end = text.find('\n');
        std::string_view rest = text.substr(0, end);
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);

        skip_blank(rest);
        if (rest.empty() || rest.front() == '#') continue;
        if (rest.starts_with("export ") || rest.starts_with("export\t")) {
            rest.remove_prefix(7);
            skip_blank(rest);
        }
        EnvEntry entry{take_name(rest), {}, line};
        skip_blank(rest);
        if (entry.name.empty() || std::isdigit(static_cast<unsigned char>(entry.name.front())) != 0 || rest.empty() ||
            rest.front() != '=') {
            return fail(ErrorKind::invalid_input, "{}:{}: expected NAME=value", label, line);
        }
        rest.remove_prefix(1);
        skip_blank(rest);
        if (!rest.empty() && (rest.front() == '"' || rest.front() == '\'')) {
            auto quoted = take_quoted(rest);
            if (!quoted) {
                return fail(ErrorKind::invalid_input, "{}:{}: the closing quote of {} is missing", label, line,
                            entry.name);
            }
            skip_blank(rest);
            if (!rest.empty() && rest.front() != '#') {
                return fail(ErrorKind::invalid_input, "{}:{}: text after the closing quote of {}", label, line,
                            entry.name);
            }
            entry.value = std::move(*quoted);
        } else {
            entry.value = take_plain(rest);
        }
        entries.push_back(std::move(entry));
    }
    return entries;
}

}  // namespace audio_ident::config
