#include "catalog/timestamp_text.hpp"

#include <charconv>
#include <fmt/format.h>

namespace audio_ident::catalog {
namespace {

/// Parses the digits in [begin, begin + length); -1 when one of them is not a digit.
int number(std::string_view text, std::size_t begin, std::size_t length) {
    int value = 0;
    for (const char c : text.substr(begin, length)) {
        if (c < '0' || c > '9') return -1;
        value = value * 10 + (c - '0');
    }
    return value;
}

}  // namespace

std::string timestamp_to_text(Timestamp time) {
    const auto day = std::chrono::floor<std::chrono::days>(time);
    const std::chrono::year_month_day date(day);
    const std::chrono::hh_mm_ss clock(time - day);
    return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:06}Z", static_cast<int>(date.year()),
                       static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), clock.hours().count(),
                       clock.minutes().count(), clock.seconds().count(), clock.subseconds().count());
}

std::optional<Timestamp> timestamp_from_text(std::string_view text) {
    if (text.size() != 27) return std::nullopt;
    const int month = number(text, 5, 2);
    const int day = number(text, 8, 2);
    if (number(text, 0, 4) < 0 || month < 0 || day < 0) return std::nullopt;
    const std::chrono::year_month_day date(std::chrono::year(number(text, 0, 4)),
                                           std::chrono::month(static_cast<unsigned>(month)),
                                           std::chrono::day(static_cast<unsigned>(day)));
    if (!date.ok()) return std::nullopt;
    const Timestamp time = std::chrono::sys_days(date) + std::chrono::hours(number(text, 11, 2)) +
                           std::chrono::minutes(number(text, 14, 2)) + std::chrono::seconds(number(text, 17, 2)) +
                           std::chrono::microseconds(number(text, 20, 6));
    // This comparison catches everything else: wrong separators, an hour of 25.
    if (timestamp_to_text(time) != text) return std::nullopt;
    return time;
}

Timestamp current_timestamp() {
    return std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now());
}

}  // namespace audio_ident::catalog
