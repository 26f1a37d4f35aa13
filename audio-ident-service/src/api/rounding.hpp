#pragma once

#include <cmath>
#include <optional>

namespace audio_ident::api {

// The numbers of an answer have no more digits than they are worth.

inline double tenths(double value) {
    return std::round(value * 1e1) / 1e1;
}
inline double hundredths(double value) {
    return std::round(value * 1e2) / 1e2;
}
inline std::optional<double> hundredths(const std::optional<double>& value) {
    return value ? std::optional(hundredths(*value)) : std::nullopt;
}
inline double thousandths(double value) {
    return std::round(value * 1e3) / 1e3;
}
inline double ten_thousandths(double value) {
    return std::round(value * 1e4) / 1e4;
}

}  // namespace audio_ident::api
