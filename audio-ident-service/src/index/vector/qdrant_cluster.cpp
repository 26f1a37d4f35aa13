#include "index/vector/qdrant_cluster.hpp"

#include <boost/json/array.hpp>
#include <chrono>
#include <set>

#include "index/vector/qdrant_answer.hpp"
#include "util/comma_list.hpp"
#include "util/url.hpp"

namespace audio_ident::index {

using boost::json::value;

namespace {

constexpr auto kPatience = std::chrono::seconds(3);  ///< with each node

QdrantNode look_at_node(QdrantClient& client, const Deadline& deadline) {
    QdrantNode node{.url = util::mask_url(client.url()), .failure = {}, .peers = {}};
    const auto done = guarded_answer(client, [&]() -> Result<void> {
        const auto cluster = client.ask("GET", "/cluster", {}, Deadline::after(kPatience, deadline.stop_token()));
        if (!cluster) return forward(cluster);
        if (!*cluster) return fail(ErrorKind::not_available, "{} does not answer like Qdrant", node.url);
        if (text(member(**cluster, "status")) == "enabled") {
            const auto* peers = member(**cluster, "peers").if_object();
            if (peers) node.peers = peers->size();
        }
        return {};
    });
    if (!done) node.failure = done.error();
    return node;
}

Result<QdrantShards> look_at_collection(QdrantClient& client, const std::string& name, const Deadline& deadline) {
    QdrantShards found{.collection = name};
    const auto cluster = client.ask("GET", "/collections/" + name + "/cluster", {}, deadline);
    if (!cluster) return forward(cluster);
    if (!*cluster) return found;
    std::set<std::int64_t> shards;
    for (const char* list : {"local_shards", "remote_shards"}) {
        for (const value& shard : items(member(**cluster, list))) {
            shards.insert(number<std::int64_t>(member(shard, "shard_id")));
            ++found.replicas;
            if (text(member(shard, "state")) == "Active") ++found.active;
        }
    }
    found.shards = shards.size();
    return found;
}

Result<std::vector<QdrantShards>> look_at_collections(QdrantClient& client, const QdrantServer& server,
                                                      const Deadline& deadline) {
    return guarded_answer(client, [&]() -> Result<std::vector<QdrantShards>> {
        std::vector<QdrantShards> found;
        const auto listed = client.ask("GET", "/collections", {}, deadline);
        if (!listed) return forward(listed);
        if (!*listed) return found;
        for (const value& collection : items(member(**listed, "collections"))) {
            const std::string name(text(member(collection, "name")));
            if (!name.starts_with(collection_name(server))) continue;
            auto shards = look_at_collection(client, name, deadline);
            if (!shards) return forward(shards);
            found.push_back(std::move(*shards));
        }
        return found;
    });
}

}  // namespace

Result<QdrantCluster> look_at_cluster(const QdrantServer& server, const Deadline& deadline) {
    QdrantCluster cluster;
    bool asked = false;
    for (const std::string& url : util::comma_list(server.url)) {
        QdrantClient client(url, server.api_key);
        cluster.nodes.push_back(look_at_node(client, deadline));
        if (asked || cluster.nodes.back().failure) continue;
        auto collections = look_at_collections(client, server, deadline);
        if (!collections) return forward(collections);
        cluster.collections = std::move(*collections);
        asked = true;
    }
    return cluster;
}

}  // namespace audio_ident::index
