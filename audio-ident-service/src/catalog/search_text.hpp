#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace audio_ident::catalog {

/// Folds text for comparison without case: Unicode's NFKC_Casefold, with control characters turned into spaces. "ÄRGER"
/// equals "ärger", "Straße" equals "STRASSE", "①" equals "1". The program folds, not the database: SQLite folds ASCII
/// only and PostgreSQL folds by locale.
std::string fold(std::string_view utf8);

/// The value of the column `search_text`: the folded title, a line feed, the folded artist.
std::string search_text(std::string_view title, const std::optional<std::string>& artist);

/// A LIKE pattern (escape character '\') that matches rows whose title or artist contains `search`; nullopt when no row
/// can match.
std::optional<std::string> search_pattern(std::string_view search);

}  // namespace audio_ident::catalog
