#pragma once

#include <exception>
#include <type_traits>
#include <utility>

#include "catalog/sql_backend.hpp"
#include "catalog/track_record.hpp"
#include "lib/soci/connection_pool.hpp"

namespace audio_ident::catalog {

/// Runs `work(connection)` on a connection of the pool, and turns any exception into an Error.
template <typename Value, typename Work>
Result<Value> run_sql(const SqlBackend& backend, lib::ConnectionPool& pool, const Deadline& deadline, Work work) {
    auto lease = pool.acquire(deadline);
    if (!lease) return forward(lease);
    try {
        if constexpr (std::is_void_v<Value>) {
            work(**lease);
            return {};
        } else {
            return work(**lease);
        }
    } catch (const BadStoredValue& bad) {
        return fail(ErrorKind::corrupt,
                    "{}: {}; restore it from a backup, or run `audio-ident db reset` and ingest again",
                    backend.location(), bad.what());
    } catch (const std::exception& exception) {
        Error error = (*lease)->describe(exception);
        if (error.kind != ErrorKind::invalid_input) lease->discard();
        return Unexpected(std::move(error));
    }
}

}  // namespace audio_ident::catalog
