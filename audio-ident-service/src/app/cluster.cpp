#include "app/cluster.hpp"

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <unistd.h>
#include <utility>

#include "app/backends.hpp"
#include "app/index_store.hpp"
#include "catalog/postgres_services.hpp"
#include "index/fingerprint/records.hpp"
#include "index/vector/qdrant_cluster.hpp"
#include "util/host_name.hpp"
#include "util/json.hpp"

namespace audio_ident::app {
namespace {

template <typename T>
std::optional<T> number_in(const boost::json::object& object, std::string_view name) {
    const auto* found = object.if_contains(name);
    if (!found) return std::nullopt;
    boost::system::error_code error;
    const T number = found->to_number<T>(error);
    return error ? std::nullopt : std::optional(number);
}

std::string text_in(const boost::json::object& object, std::string_view name) {
    const auto* found = object.if_contains(name);
    return found && found->is_string() ? std::string(found->as_string()) : std::string("unknown");
}

/// Rows may be of other versions of the program: what is missing is left out.
library::Cluster::Service service_of(const catalog::ServiceRow& row) {
    library::Cluster::Service service;
    service.id = row.id.to_string();
    service.seen_seconds_ago = row.seen_seconds_ago;
    boost::system::error_code error;
    const auto value = boost::json::parse(row.about, error);
    const boost::json::object about = !error && value.is_object() ? value.as_object() : boost::json::object();
    service.version = text_in(about, "version");
    service.host = text_in(about, "host");
    service.url = text_in(about, "url");
    service.pid = number_in<std::int64_t>(about, "pid").value_or(0);
    service.generation = number_in<std::uint64_t>(about, "generation");
    service.cache_bytes = number_in<std::uint64_t>(about, "cache_bytes").value_or(0);
    service.cache_limit = number_in<std::uint64_t>(about, "cache_limit").value_or(0);
    service.copy_bytes = number_in<std::uint64_t>(about, "copy_bytes").value_or(0);
    service.copy_limit = number_in<std::uint64_t>(about, "copy_limit").value_or(0);
    return service;
}

void look_at_vectors(const config::Settings& settings, library::Cluster& cluster, const Deadline& deadline) {
    if (settings.qdrant.mode == config::StoreMode::embedded) return;
    const auto found = index::look_at_cluster(qdrant_server(settings.qdrant), deadline);
    if (!found) {
        cluster.vector_failure = found.error();
        return;
    }
    for (const auto& node : found->nodes) cluster.vector_nodes.push_back({node.url, node.failure, node.peers});
    for (const auto& one : found->collections)
        cluster.collections.push_back({one.collection, one.shards, one.replicas, one.active});
}

}  // namespace

std::string about_service(const config::Settings& settings, const std::string& url, library::IndexStore* index,
                          const Deadline& deadline) {
    boost::json::object about = {
        {"version", AUDIO_IDENT_VERSION}, {"host", util::host_name()}, {"pid", ::getpid()}, {"url", url}};
    if (index && settings.fingerprints.store == config::FingerprintStore::postgresql) {
        // Brings what it knows of the index up to date, as a search would.
        static_cast<void>(index->reader().snapshot(deadline));
        const auto cached = index->cached();
        if (cached.generation) about["generation"] = *cached.generation;
        about["cache_bytes"] = cached.bytes;
        about["cache_limit"] = settings.fingerprints.cache_bytes;
        about["copy_bytes"] = cached.copy_bytes;
        about["copy_limit"] = settings.fingerprints.copy_bytes;
    }
    return util::json_text(about);
}

Result<std::optional<library::Cluster>> look_at_library(const config::Settings& settings, const Deadline& deadline) {
    if (settings.catalog.mode == config::StoreMode::embedded) return std::nullopt;
    library::Cluster cluster;
    const auto registry = catalog::make_postgres_services(settings.catalog.url);
    const auto rows = registry->list(deadline);
    if (!rows) return forward(rows);
    for (const auto& row : *rows) cluster.services.push_back(service_of(row));
    auto server = registry->server(deadline);
    if (!server) return forward(server);
    cluster.database = {std::move(server->location), std::move(server->version), server->is_standby, {}};
    for (auto& [address, behind] : server->standbys) cluster.database.standbys.push_back({std::move(address), behind});
    if (settings.fingerprints.store == config::FingerprintStore::postgresql) {
        const auto state = registry->index_state(deadline);
        if (!state) return forward(state);
        if (*state && (*state)->size() == sizeof(index::MetaRecord))
            cluster.generation = index::meta_of(**state).generation;
    }
    look_at_vectors(settings, cluster, deadline);
    if (const auto audio = make_audio_store(settings); audio->is_shared()) {
        cluster.audio = audio->text();
        if (auto works = audio->check(deadline); !works) cluster.audio_failure = works.error();
    }
    return cluster;
}

}  // namespace audio_ident::app
