#include "cli/cluster_report.hpp"

#include <fmt/format.h>
#include <utility>

#include "cli/text.hpp"

namespace audio_ident::cli {
namespace {

constexpr double kMissedAfter = 15;  ///< seconds: three rows of a service did not come

Finding finding_of(const library::Cluster::Service& service, const library::Cluster& cluster) {
    Finding finding{
        .subject = "service",
        .health = Health::good,
        .text = fmt::format("{} pid {} at {}, version {}", service.host, service.pid, service.url, service.version)};
    if (service.generation) {
        finding.text += fmt::format(", index generation {}", *service.generation);
        if (cluster.generation && *cluster.generation > *service.generation)
            finding.text += fmt::format(" ({} behind)", *cluster.generation - *service.generation);
        finding.text += fmt::format(", cache {} of {}", size_text(service.cache_bytes), size_text(service.cache_limit));
        if (service.copy_limit > 0)
            finding.text +=
                fmt::format(", copy {} of {}", size_text(service.copy_bytes), size_text(service.copy_limit));
    }
    if (service.seen_seconds_ago < kMissedAfter) {
        finding.text += fmt::format(", seen {:.0f} s ago", service.seen_seconds_ago);
        return finding;
    }
    finding.health = Health::bad;
    finding.text += fmt::format(", not seen for {}", duration_text(service.seen_seconds_ago));
    finding.advice =
        "it was killed or cannot reach the database: look at its log, or start it again; its row goes "
        "after an hour";
    return finding;
}

void add_database(const library::Cluster& cluster, std::vector<Finding>& findings) {
    const auto& database = cluster.database;
    findings.push_back(
        {.subject = "PostgreSQL",
         .health = database.is_standby ? Health::bad : Health::good,
         .text = fmt::format("{}, {}, version {}", database.location, database.is_standby ? "standby" : "primary",
                             database.version),
         .advice = database.is_standby
                       ? "nothing can be changed there: add target_session_attrs=read-write to DATABASE_URL"
                       : ""});
    for (const auto& standby : database.standbys) {
        findings.push_back({.subject = "PostgreSQL standby",
                            .text = fmt::format("{}, {} behind", standby.address,
                                                size_text(static_cast<std::uint64_t>(standby.bytes_behind)))});
    }
}

void add_vectors(const library::Cluster& cluster, std::vector<Finding>& findings) {
    if (cluster.vector_nodes.empty() && !cluster.vector_failure) {
        findings.push_back({.subject = "vectors",
                            .health = Health::warning,
                            .text = "in the data folder of each service, which the others do not see",
                            .advice = "set QDRANT_MODE=external and QDRANT_URL"});
    }
    for (const auto& node : cluster.vector_nodes) {
        if (node.failure) {
            findings.push_back({.subject = "Qdrant", .health = Health::bad, .text = node.failure->message});
            continue;
        }
        findings.push_back({.subject = "Qdrant",
                            .text = node.peers ? fmt::format("{}, a cluster of {}", node.url,
                                                             count_text(static_cast<std::int64_t>(*node.peers), "node"))
                                               : fmt::format("{}, alone", node.url)});
    }
    for (const auto& one : cluster.collections) {
        const bool whole = one.active == one.replicas && one.shards > 0;
        findings.push_back({.subject = "Qdrant collection",
                            .health = whole ? Health::good : Health::bad,
                            .text = fmt::format("{}: {}, {} of {} active", one.name,
                                                count_text(static_cast<std::int64_t>(one.shards), "shard"), one.active,
                                                count_text(static_cast<std::int64_t>(one.replicas), "replica")),
                            .advice = whole ? "" : "replicas recover by themselves when their node is back"});
    }
    if (cluster.vector_failure)
        findings.push_back({.subject = "Qdrant", .health = Health::bad, .text = cluster.vector_failure->message});
}

void add_audio(const library::Cluster& cluster, std::vector<Finding>& findings) {
    if (!cluster.audio) return;  // in a folder, which they may share
    if (cluster.audio_failure) {
        findings.push_back({.subject = "audio", .health = Health::bad, .text = cluster.audio_failure->message});
    } else {
        findings.push_back({.subject = "audio", .text = *cluster.audio});
    }
}

}  // namespace

std::vector<Finding> findings_of(const library::Cluster& cluster) {
    std::vector<Finding> findings;
    for (const auto& service : cluster.services) findings.push_back(finding_of(service, cluster));
    if (cluster.services.empty()) {
        findings.push_back({.subject = "services",
                            .health = Health::warning,
                            .text = "none is running",
                            .advice = "audio-ident serve"});
    }
    add_database(cluster, findings);
    add_vectors(cluster, findings);
    add_audio(cluster, findings);
    return findings;
}

}  // namespace audio_ident::cli
