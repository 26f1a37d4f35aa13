#include "catalog/stored_time.hpp"

#include "catalog/track_record.hpp"

namespace audio_ident::catalog {

Timestamp stored_time(const std::string& text) {
    const auto time = timestamp_from_text(text);
    if (!time) throw BadStoredValue("'" + text + "' is not a time");
    return *time;
}

std::optional<Timestamp> stored_time(const lib::Nullable<std::string>& column) {
    const auto text = column.get<std::string>();
    return text ? std::optional(stored_time(*text)) : std::nullopt;
}

}  // namespace audio_ident::catalog
