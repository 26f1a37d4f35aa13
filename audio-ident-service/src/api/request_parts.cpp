#include "api/request_parts.hpp"

#include <charconv>
#include <cstdint>
#include <fmt/format.h>

#include "http/error_mapping.hpp"
#include "http/schema.hpp"
#include "util/utf8.hpp"

namespace audio_ident::api {

Result<Uuid> id_in_path(const http::Request& request) {
    const auto id = Uuid::parse(*http::find_field(request.path_parameters, "id"));
    if (!id) return http::invalid_field("id", "must be a UUID");
    return *id;
}

Result<std::int64_t> number_in_path(const http::Request& request, std::string_view name) {
    const auto& text = *http::find_field(request.path_parameters, name);
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error == std::errc() && end == text.data() + text.size() && number >= 0) return number;
    return http::invalid_field(name, fmt::format("must be a whole number from 0 to {}", INT64_MAX));
}

std::optional<std::string> unless_blank(const std::optional<std::string>& text) {
    if (!text || util::trim_space(*text).empty()) return std::nullopt;
    return std::string(util::trim_space(*text));
}

}  // namespace audio_ident::api
