#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace audio_ident::catalog {

/// Text in the form in which it is compared without regard to case: Unicode's NFKC_Casefold ("ÄRGER" and "ärger",
/// "Straße" and "STRASSE", "①" and "1" are equal), control characters as spaces. Done here and not by the database, as
/// SQLite folds ASCII only and PostgreSQL folds by locale.
std::string fold(std::string_view utf8);

/// The column `search_text`: a folded title, a line feed, a folded artist.
std::string search_text(std::string_view title, const std::optional<std::string>& artist);

/// The LIKE pattern (escape character '\') that finds rows whose title or artist contains `search`; nullopt when no row
/// can.
std::optional<std::string> search_pattern(std::string_view search);

}  // namespace audio_ident::catalog
