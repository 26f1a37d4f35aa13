#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace audio_ident::config {

/// Where a store runs: inside this process, in the project's containers, or on a server elsewhere.
enum class StoreMode { embedded, docker, external };
enum class LogLevel { trace, debug, info, warning, error };
enum class LogFormat { text, json };

struct CatalogSettings {
    StoreMode mode = StoreMode::embedded;
    std::string url;         ///< "sqlite://PATH" when embedded, else "postgresql://…" with the password
    std::string host;        ///< host of the project's PostgreSQL container
    std::uint16_t port = 0;  ///< port that the container publishes
};

enum class FingerprintStore { lmdb, postgresql };

struct FingerprintSettings {
    FingerprintStore store = FingerprintStore::lmdb;
    std::size_t cache_bytes = 0;   ///< of the index in PostgreSQL that each process keeps in memory
    std::uint64_t copy_bytes = 0;  ///< of it that the programs of this data folder keep there
};

enum class S3Style { path, host };

/// Where uploaded audio is, besides the folder audio_storage_root.
struct AudioStorageSettings {
    std::string bucket;    ///< of S3; empty: the folder alone
    std::string prefix;    ///< of the names in it: "a/b/", or empty
    std::string endpoint;  ///< "https://HOST[:PORT]"; not empty where there is a bucket
    std::string region;
    S3Style style = S3Style::path;
    std::string access_key;
    std::string secret_key;
    std::uint64_t cache_bytes = 0;  ///< of the bucket's files that the folder keeps
};

struct QdrantSettings {
    StoreMode mode = StoreMode::embedded;
    std::string url;      ///< of a server, or of the nodes of a cluster, separated by commas
    std::string api_key;  ///< empty: no key
    std::string collection_name;
    unsigned shard_number = 0;              ///< of new collections, as the next two; 0: as the server chooses
    unsigned replication_factor = 0;        ///< nodes that hold each shard
    unsigned write_consistency_factor = 0;  ///< of these nodes, how many must have a write before it is answered
    std::uint16_t http_port = 0;
    std::uint16_t grpc_port = 0;
};

struct EmbeddingSettings {
    std::string model;
    std::filesystem::path models_dir;
    std::string model_url;   ///< empty: not set
    std::optional<int> dim;  ///< absent: use the model's own length
    int clap_sample_rate = 0;
};

struct ServiceSettings {
    std::string host;
    std::uint16_t port = 0;  ///< 0: the system picks a free port
    std::uint16_t ui_port = 0;
    std::vector<std::string> cors_origins;
    std::vector<std::string> allowed_hosts;
    std::string admin_api_key;  ///< empty: no key
    std::vector<std::string> ingest_roots;
    unsigned requests_a_minute = 0;  ///< per client; 0: unlimited
    std::chrono::seconds search_timeout{};
    std::chrono::seconds shutdown_delay{};  ///< from the signal to the end of accepting requests
};

struct MonitorSettings {
    bool allow_private = false;    ///< whether stations may be on this machine and its network
    unsigned keep_days = 0;        ///< of plays; 0: for ever
    std::chrono::hours rolling{};  ///< of sound that stays searchable; 0: none
    std::string webhook_url;       ///< empty: none
    std::string webhook_secret;    ///< not empty where there is a webhook
};

struct LogSettings {
    LogLevel level = LogLevel::info;
    LogFormat format = LogFormat::text;
};

/// Every setting as a plain, validated value. config/table.cpp describes each one; config/loader.hpp fills this in.
struct Settings {
    std::filesystem::path data_dir;
    std::filesystem::path audio_storage_root;
    AudioStorageSettings audio_storage;
    std::filesystem::path fingerprint_db_path;
    CatalogSettings catalog;
    FingerprintSettings fingerprints;
    QdrantSettings qdrant;
    EmbeddingSettings embedding;
    ServiceSettings service;
    MonitorSettings monitors;
    LogSettings log;
    unsigned ingest_threads = 0;  ///< 0: one per core
    bool decode_sandbox = true;   ///< decode in restricted worker processes
    std::string tag_fallback_encoding;
};

}  // namespace audio_ident::config
