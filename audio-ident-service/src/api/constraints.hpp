#pragma once

#include "http/schema.hpp"

namespace audio_ident::api {

/// What the API says of the members of its types beyond their C++ type. Requests are checked by it and /openapi.json
/// shows it.
const http::Constraints& constraints();

/// A T from the fields of a form or a query, checked by constraints(). Fails as http::parse_fields() does.
template <typename T>
Result<T> read_fields(const http::Fields& fields) {
    return http::parse_fields<T>(fields, constraints());
}

}  // namespace audio_ident::api
