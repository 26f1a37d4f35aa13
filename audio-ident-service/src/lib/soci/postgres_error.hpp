#pragma once

#include <string>

#include "core/deadline.hpp"
#include "core/error.hpp"

namespace audio_ident::lib {

/// A failure as PostgreSQL and libpq report it.
struct PostgresFailure {
    std::string sqlstate = {};  ///< five characters; empty when the server sent none
    std::string message;
    bool connected = false;  ///< the connection still works
};

/// Describes the failure and what to do about it. `location` names the database without secrets.
Error describe_postgres_error(const std::string& location, const PostgresFailure& failure, const Deadline& deadline);

}  // namespace audio_ident::lib
