#include "catalog/migration.hpp"

#include <algorithm>
#include <map>
#include <optional>

namespace audio_ident::catalog {
namespace {

constexpr std::string_view kUp = ".up.sql";
constexpr std::string_view kDown = ".down.sql";
constexpr std::size_t kDigits = 4;
constexpr std::string_view kWorksFrom = "-- works-from: ";

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

/// The number after kWorksFrom at the begin of a line; nullopt without such a line, 0 when no number follows.
std::optional<int> works_from(std::string_view sql) {
    for (auto rest = sql; !rest.empty(); rest.remove_prefix(std::min(rest.size(), rest.find('\n') + 1))) {
        if (rest.starts_with(kWorksFrom)) {
            const auto digits = rest.substr(kWorksFrom.size(), kDigits);
            const bool valid = digits.size() == kDigits && std::ranges::all_of(digits, is_digit);
            return valid ? std::stoi(std::string(digits)) : 0;
        }
        if (rest.find('\n') == std::string_view::npos) break;
    }
    return std::nullopt;
}

}  // namespace

Result<std::vector<Migration>> order_migrations(std::span<const EmbeddedFile> files) {
    std::map<int, Migration> by_version;
    for (const EmbeddedFile& file : files) {
        const bool is_up = file.name.ends_with(kUp);
        if (!is_up && !file.name.ends_with(kDown)) {
            return fail(ErrorKind::internal, "migration {}: the name ends in neither {} nor {}", file.name, kUp, kDown);
        }
        const std::string_view stem = file.name.substr(0, file.name.size() - (is_up ? kUp : kDown).size());
        if (stem.size() < kDigits + 2 || !std::ranges::all_of(stem.substr(0, kDigits), is_digit) ||
            stem[kDigits] != '_') {
            return fail(ErrorKind::internal, "migration {}: the name does not begin with NNNN_name", file.name);
        }
        if (file.text.empty()) return fail(ErrorKind::internal, "migration {}: the file is empty", file.name);

        const int version = std::stoi(std::string(stem.substr(0, kDigits)));
        Migration& migration = by_version[version];
        if (!migration.name.empty() && migration.name != stem) {
            return fail(ErrorKind::internal, "migrations {} and {} have the same number", migration.name, stem);
        }
        migration.version = version;
        migration.name = stem;
        (is_up ? migration.up : migration.down) = file.text;
        if (!is_up) continue;
        migration.checksum = file.sha256;
        const auto named = works_from(file.text);
        migration.works_from = named.value_or(version);
        if (named && (*named < 1 || *named >= version)) {
            return fail(ErrorKind::internal, "migration {}: no earlier migration after \"{}\"", file.name, kWorksFrom);
        }
    }

    std::vector<Migration> ordered;
    for (auto& [version, migration] : by_version) {
        if (version != static_cast<int>(ordered.size()) + 1) {
            return fail(ErrorKind::internal, "migration {}: number {} is missing", migration.name, ordered.size() + 1);
        }
        if (migration.up.empty() || migration.down.empty()) {
            return fail(ErrorKind::internal, "migration {}: the {} file is missing", migration.name,
                        migration.up.empty() ? "up" : "down");
        }
        ordered.push_back(std::move(migration));
    }
    if (ordered.empty()) return fail(ErrorKind::internal, "there are no migrations");
    return ordered;
}

}  // namespace audio_ident::catalog
