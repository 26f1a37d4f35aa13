#include "config/env_file.hpp"

#include <cctype>
#include <fmt/format.h>
#include <optional>
#include <tl/expected.hpp>

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

std::string_view take_line(std::string_view& text) {
    const auto end = text.find('\n');
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    return line;
}

void skip_export(std::string_view& rest) {
    if (!rest.starts_with("export ") && !rest.starts_with("export\t")) return;
    rest.remove_prefix(7);
    skip_blank(rest);
}

bool may_be_name(std::string_view name) {
    return !name.empty() && std::isdigit(static_cast<unsigned char>(name.front())) == 0;
}

/// Takes a line that is neither blank nor a comment; else what is wrong with it.
tl::expected<EnvEntry, std::string> parse_entry(std::string_view rest) {
    skip_export(rest);
    EnvEntry entry{take_name(rest), {}, 0};
    skip_blank(rest);
    if (!may_be_name(entry.name) || !rest.starts_with('=')) return tl::unexpected(std::string("expected NAME=value"));
    rest.remove_prefix(1);
    skip_blank(rest);
    if (!rest.starts_with('"') && !rest.starts_with('\'')) {
        entry.value = take_plain(rest);
        return entry;
    }
    auto quoted = take_quoted(rest);
    if (!quoted) return tl::unexpected(fmt::format("the closing quote of {} is missing", entry.name));
    skip_blank(rest);
    if (!rest.empty() && rest.front() != '#')
        return tl::unexpected(fmt::format("text after the closing quote of {}", entry.name));
    entry.value = std::move(*quoted);
    return entry;
}

}  // namespace

Result<std::vector<EnvEntry>> parse_env_file(std::string_view text, std::string_view label) {
    static constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
    if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
    std::vector<EnvEntry> entries;
    for (int line = 1; !text.empty(); ++line) {
        std::string_view rest = take_line(text);
        skip_blank(rest);
        if (rest.empty() || rest.front() == '#') continue;
        auto entry = parse_entry(rest);
        if (!entry) return fail(ErrorKind::invalid_input, "{}:{}: {}", label, line, entry.error());
        entry->line = line;
        entries.push_back(std::move(*entry));
    }
    return entries;
}

}  // namespace audio_ident::config
