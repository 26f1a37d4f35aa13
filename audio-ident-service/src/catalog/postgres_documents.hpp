#pragma once

#include <memory>
#include <string>

#include "catalog/document_store.hpp"
#include "catalog/job_leases.hpp"

namespace audio_ident::catalog {

/// The documents of a library whose catalog is in this PostgreSQL database. `url` as lib::PostgresConnection::open()
/// takes it. Connects when it is first used.
std::unique_ptr<DocumentStore> make_postgres_documents(const std::string& url);
/// The leases on its jobs, for a service of this name.
std::unique_ptr<JobLeases> make_postgres_job_leases(const std::string& url, std::string service);

}  // namespace audio_ident::catalog
