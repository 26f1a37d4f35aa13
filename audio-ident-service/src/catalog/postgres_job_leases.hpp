#pragma once

#include <memory>
#include <string>

#include "catalog/job_leases.hpp"

namespace audio_ident::catalog {

/// The leases on the jobs of a library whose catalog is in this PostgreSQL database, for a service of this name. `url`
/// as lib::PostgresConnection::open() takes it. Connects when it is first used.
std::unique_ptr<JobLeases> make_postgres_job_leases(const std::string& url, std::string service);

}  // namespace audio_ident::catalog
