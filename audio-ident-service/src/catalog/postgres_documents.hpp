#pragma once

#include <memory>
#include <string>

#include "catalog/document_store.hpp"

namespace audio_ident::catalog {

/// The documents of a library whose catalog is in this PostgreSQL database. `url` as lib::PostgresConnection::open()
/// takes it. Connects when it is first used.
std::unique_ptr<DocumentStore> make_postgres_documents(const std::string& url);

}  // namespace audio_ident::catalog
