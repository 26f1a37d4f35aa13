#include "http/schema.hpp"

#include "util/utf8.hpp"

namespace audio_ident::http {
namespace {

using Object = boost::json::object;

std::int64_t bound(const Object& constraints, std::string_view name, std::int64_t fallback) {
    const auto* value = constraints.if_contains(name);
    return value ? value->to_number<std::int64_t>() : fallback;
}

}  // namespace

const Object& constraints_of(const Constraints& constraints, std::string_view type_and_member) {
    static const Object kNone;
    const auto found = constraints.find(type_and_member);
    return found == constraints.end() ? kNone : found->second;
}

Unexpected invalid_field(std::string_view field, std::string problem) {
    return Unexpected(Error{ErrorKind::invalid_input, fmt::format("{} {}", field, problem), {}});
}

Result<void> check_text(std::string_view field, std::string_view text, const Object& constraints) {
    const auto length = static_cast<std::int64_t>(util::code_point_count(text));
    const auto low = bound(constraints, "minLength", 0);
    const auto high = bound(constraints, "maxLength", INT64_MAX);
    if (!util::is_utf8(text) || text.find('\0') != std::string_view::npos) return invalid_field(field, "must be UTF-8");
    if (length < low) return invalid_field(field, "must not be empty");
    if (length > high) return invalid_field(field, fmt::format("must have at most {} characters", high));
    return {};
}

Result<void> check_number(std::string_view field, double number, const Object& constraints) {
    const auto low = bound(constraints, "minimum", INT64_MIN);
    const auto high = bound(constraints, "maximum", INT64_MAX);
    if (number >= static_cast<double>(low) && number <= static_cast<double>(high)) return {};
    return invalid_field(field, fmt::format("must be from {} to {}", low, high));
}

Result<void> check_number(std::string_view field, std::int64_t number, const Object& constraints) {
    const auto low = bound(constraints, "minimum", INT64_MIN);
    const auto high = bound(constraints, "maximum", INT64_MAX);
    if (number >= low && number <= high) return {};
    return invalid_field(field, fmt::format("must be from {} to {}", low, high));
}

}  // namespace audio_ident::http
