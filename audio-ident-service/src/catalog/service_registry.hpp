#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/deadline.hpp"
#include "core/result.hpp"
#include "core/uuid.hpp"

namespace audio_ident::catalog {

/// A service on a library that several share.
struct ServiceRow {
    Uuid id;
    std::string about;            ///< JSON
    double seen_seconds_ago = 0;  ///< by the server's clock
};

/// A server of PostgreSQL.
struct DatabaseServer {
    std::string location;  ///< without secrets
    std::string version;
    bool is_standby = false;
    /// Of a primary: the standbys that follow it, with how many bytes they are behind.
    std::vector<std::pair<std::string, std::int64_t>> standbys;
};

/// The services on the library whose catalog is in a PostgreSQL database. Every method can fail with not_available,
/// timeout, and unsupported when the schema is too old. Thread-safe.
class ServiceRegistry {
  public:
    virtual ~ServiceRegistry() = default;

    /// Says that the service is alive, and forgets those that nobody has seen for an hour.
    virtual Result<void> put(const Uuid& id, const std::string& about, const Deadline& deadline) = 0;
    virtual Result<void> remove(const Uuid& id, const Deadline& deadline) = 0;
    virtual Result<std::vector<ServiceRow>> list(const Deadline& deadline) = 0;
    virtual Result<DatabaseServer> server(const Deadline& deadline) = 0;
    /// The state record of the fingerprint index; absent when there is none in this database.
    virtual Result<std::optional<std::vector<std::byte>>> index_state(const Deadline& deadline) = 0;
};

}  // namespace audio_ident::catalog
