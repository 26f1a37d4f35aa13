#include "catalog/migration.hpp"

#include <algorithm>
#include <map>

namespace audio_ident::catalog {
namespace {

constexpr std::string_view kUp = ".up.sql";
constexpr std::string_view kDown = ".down.sql";
constexpr std::size_t kDigits = 4;

}  // namespace

Result<std::vector<Migration>> order_migrations(std::span<const EmbeddedFile> files) {
    std::map<int, Migration> by_version;
    for (const EmbeddedFile& file : files) {
        const bool is_up = file.name.ends_with(kUp);
        if (!is_up && !file.name.ends_with(kDown)) {
            return fail(ErrorKind::internal, "migration {}: the name ends in neither {} nor {}", file.name, kUp, kDown);
        }
        const std::string_view stem = file.name.substr(0, file.name.size() - (is_up ? kUp : kDown).size());
        const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
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
        if (is_up) migration.checksum = file.sha256;
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
