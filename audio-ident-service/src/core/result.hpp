#pragma once

#include <fmt/format.h>
#include <tl/expected.hpp>
#include <utility>

#include "core/error.hpp"

namespace audio_ident {

/// A value or an Error. Every port method that can fail returns one. Nothing throws across a port.
template <typename T>
using Result = tl::expected<T, Error>;

using Unexpected = tl::unexpected<Error>;

/// Returns a failure with a formatted message: `return fail(ErrorKind::corrupt, "{}: bad header", path);`
template <typename... Args>
[[nodiscard]] Unexpected fail(ErrorKind kind, fmt::format_string<Args...> format, Args&&... args) {
    return Unexpected(Error{kind, fmt::format(format, std::forward<Args>(args)...), {}});
}

/// Passes on the failure of another Result: `if (!x) return forward(x);`
template <typename T>
[[nodiscard]] Unexpected forward(const Result<T>& result) {
    return Unexpected(result.error());
}

}  // namespace audio_ident
