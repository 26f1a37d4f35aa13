#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "core/deadline.hpp"
#include "core/result.hpp"
#include "index/vector/qdrant_collection.hpp"

namespace audio_ident::index {

/// One of the servers that the settings name.
struct QdrantNode {
    std::string url;                   ///< without secrets
    std::optional<Error> failure;      ///< why it does not answer
    std::optional<std::size_t> peers;  ///< nodes of its cluster; absent: it is in none
};

/// How a collection lies on the nodes.
struct QdrantShards {
    std::string collection;
    std::size_t shards = 0;
    std::size_t replicas = 0;
    std::size_t active = 0;  ///< of the replicas
};

struct QdrantCluster {
    std::vector<QdrantNode> nodes;
    std::vector<QdrantShards> collections;  ///< ours, as the first node that answers sees them
};

/// Asks each node and, when one answers, for our collections. Never fails because a node is away.
Result<QdrantCluster> look_at_cluster(const QdrantServer& server, const Deadline& deadline);

}  // namespace audio_ident::index
