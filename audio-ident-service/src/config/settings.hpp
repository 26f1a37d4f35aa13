#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace audio_ident::config {

/// Where a store runs: in this process, in the project's containers, or somewhere else.
enum class StoreMode { embedded, docker, external };
enum class LogLevel { trace, debug, info, warning, error };
enum class LogFormat { text, json };

struct CatalogSettings {
    StoreMode mode = StoreMode::embedded;
    std::string url;         ///< "sqlite://PATH" when embedded, else "postgresql://…"; holds the password
    std::string host;        ///< of the project's container
    std::uint16_t port = 0;  ///< that it publishes
};

struct QdrantSettings {
    StoreMode mode = StoreMode::embedded;
    std::string url;
    std::string api_key;  ///< empty: none
    std::string collection_name;
    std::uint16_t http_port = 0;
    std::uint16_t grpc_port = 0;
};

struct EmbeddingSettings {
    std::string model;
    std::filesystem::path models_dir;
    std::string model_url;   ///< empty: none
    std::optional<int> dim;  ///< absent: what the model gives
    int clap_sample_rate = 0;
};

struct ServiceSettings {
    std::string host;
    std::uint16_t port = 0;  ///< 0: any that is free
    std::uint16_t ui_port = 0;
    std::vector<std::string> cors_origins;
    std::vector<std::string> allowed_hosts;
    std::string admin_api_key;  ///< empty: none
    std::vector<std::string> ingest_roots;
    unsigned requests_a_minute = 0;  ///< 0: no limit
    std::chrono::seconds search_timeout{};
};

struct LogSettings {
    LogLevel level = LogLevel::info;
    LogFormat format = LogFormat::text;
};

/// Everything that can be set, as plain values, checked. config/table.cpp describes each; config/loader.hpp makes it.
struct Settings {
    std::filesystem::path data_dir;
    std::filesystem::path audio_storage_root;
    std::filesystem::path fingerprint_db_path;
    CatalogSettings catalog;
    QdrantSettings qdrant;
    EmbeddingSettings embedding;
    ServiceSettings service;
    LogSettings log;
    unsigned ingest_threads = 0;  ///< 0: one a core
    bool decode_sandbox = true;   ///< decode in processes that can do nothing else
};

}  // namespace audio_ident::config
