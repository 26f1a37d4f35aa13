#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/error.hpp"

// What a library on servers consists of: the services that share it, and its stores.

namespace audio_ident::library {

struct Cluster {
    struct Service {
        std::string id;
        std::string version;
        std::string host;
        std::int64_t pid = 0;
        std::string url;                          ///< where it listens
        std::optional<std::uint64_t> generation;  ///< of the fingerprint index that it has
        std::uint64_t cache_bytes = 0;            ///< of the index in its memory
        std::uint64_t cache_limit = 0;
        std::uint64_t copy_bytes = 0;  ///< of the index in its local copy
        std::uint64_t copy_limit = 0;
        double seen_seconds_ago = 0;
    };
    struct Standby {
        std::string address;
        std::int64_t bytes_behind = 0;
    };
    struct Database {
        std::string location;
        std::string version;
        bool is_standby = false;
        std::vector<Standby> standbys;
    };
    struct Node {
        std::string url;
        std::optional<Error> failure;
        std::optional<std::uint64_t> peers;  ///< of its cluster; absent: it is in none
    };
    struct Collection {
        std::string name;
        std::uint64_t shards = 0;
        std::uint64_t replicas = 0;
        std::uint64_t active = 0;
    };

    std::vector<Service> services;            ///< the one that was seen last comes first
    std::optional<std::uint64_t> generation;  ///< of the fingerprint index, when it is in PostgreSQL
    Database database;
    std::vector<Node> vector_nodes;  ///< empty: vectors are in the data folder of each service
    std::vector<Collection> collections;
    std::optional<Error> vector_failure;  ///< why the collections are not known
    std::optional<std::string> audio;     ///< where uploads are, at a server; absent: in a folder
    std::optional<Error> audio_failure;   ///< why they cannot be stored or read
};

}  // namespace audio_ident::library
