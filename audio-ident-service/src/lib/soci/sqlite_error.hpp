#pragma once

#include <exception>
#include <string>

#include "core/deadline.hpp"
#include "core/error.hpp"

namespace audio_ident::lib {

/// Describes a failed call on the SQLite file at `path` and what to do about it. `cause` is the errno of the failed
/// system call, 0 when there was none.
Error describe_sqlite_error(const std::string& path, const std::exception& exception, int cause,
                            const Deadline& deadline);

}  // namespace audio_ident::lib
