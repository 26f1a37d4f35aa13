#pragma once

#include "http/schema.hpp"

namespace audio_ident::api {

/// The limits and descriptions of the members of the API's types, beyond what their C++ types say. Requests are checked
/// against them, and /openapi.json shows them.
const http::Constraints& constraints();

/// A T from the fields of a form or a query, checked against constraints(). Fails like http::parse_fields().
template <typename T>
Result<T> read_fields(const http::Fields& fields) {
    return http::parse_fields<T>(fields, constraints());
}

}  // namespace audio_ident::api
