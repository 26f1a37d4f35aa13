#pragma once

#include <memory>
#include <string>

#include "catalog/shared_lock.hpp"

namespace audio_ident::catalog {

/// The lock of a library whose catalog is in this PostgreSQL database: an advisory lock on a connection of its own.
/// `url` as lib::PostgresConnection::open() takes it. `purpose` says in one line what the holder does; those who find
/// the lock taken see the process, its host and that, 63 bytes in all. Fails with not_available (another program has
/// it; the server does not answer), timeout (a stop was requested).
Result<std::unique_ptr<SharedLock>> lock_postgres(const std::string& url, const std::string& purpose,
                                                  SharedLock::Place place, const Deadline& deadline);

}  // namespace audio_ident::catalog
