#include "http/range.hpp"

#include <algorithm>
#include <charconv>

namespace audio_ident::http {
namespace {

std::optional<std::uint64_t> number_of(std::string_view text) {
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (text.empty() || end != text.data() + text.size()) return std::nullopt;
    // A number beyond the size of any file counts as the largest one.
    if (error == std::errc::result_out_of_range) return UINT64_MAX;
    return error == std::errc() ? std::optional(number) : std::nullopt;
}

}  // namespace

std::variant<WholeBody, ByteRange, Unsatisfiable> parse_range(std::string_view header, std::uint64_t size) {
    static constexpr std::string_view kUnit = "bytes=";
    if (!header.starts_with(kUnit)) return WholeBody{};
    header.remove_prefix(kUnit.size());
    const auto dash = header.find('-');
    if (dash == std::string_view::npos) return WholeBody{};
    const auto first = header.substr(0, dash);
    const auto last = header.substr(dash + 1);

    if (first.empty()) {
        const auto count = number_of(last);
        if (!count) return WholeBody{};
        if (*count == 0 || size == 0) return Unsatisfiable{};
        const auto taken = std::min(*count, size);
        return ByteRange{size - taken, taken};
    }
    const auto begin = number_of(first);
    const auto end = last.empty() ? std::optional(UINT64_MAX) : number_of(last);
    if (!begin || !end || *end < *begin) return WholeBody{};
    if (*begin >= size) return Unsatisfiable{};
    return ByteRange{*begin, std::min(*end, size - 1) - *begin + 1};
}

}  // namespace audio_ident::http
