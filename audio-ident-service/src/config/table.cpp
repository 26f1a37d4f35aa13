#include "config/table.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "util/comma_list.hpp"
#include "util/url.hpp"

namespace audio_ident::config {
namespace {

constexpr std::int64_t kPort = 65535;
const std::vector<std::string_view> kModes = {"embedded", "docker", "external"};

StoreMode mode_of(const Value& value) {
    return static_cast<StoreMode>(value.number);
}
std::uint16_t port_of(const Value& value) {
    return static_cast<std::uint16_t>(value.number);
}

/// "a/b/" of "/a/b" or "a/b/"; empty of "/".
std::string folder_of(std::string path) {
    path.erase(0, std::min(path.find_first_not_of('/'), path.size()));
    path.erase(path.find_last_not_of('/') + 1);
    return path.empty() ? path : path + "/";
}
std::string without_slash(std::string url) {
    return url.erase(url.find_last_not_of('/') + 1);
}

const std::array kSettings = {
    Setting{
        .name = "AUDIO_IDENT_DATA_DIR",
        .group = "Folders",
        .type = Type::path,
        .fallback = "{user data}/audio-ident",
        .help = "Folder for all embedded stores. Default: $XDG_DATA_HOME/audio-ident or ~/.local/share/audio-ident.",
        .apply = [](Settings& s, const Value& v) { s.data_dir = v.text; },
        .flag = "data-dir"},
    Setting{.name = "FINGERPRINT_DB_PATH",
            .group = "Folders",
            .type = Type::path,
            .fallback = "{data}/fingerprints",
            .help = "Folder for the fingerprint index (LMDB).",
            .apply = [](Settings& s, const Value& v) { s.fingerprint_db_path = v.text; },
            .alias = "OLAF_LMDB_PATH"},
    Setting{.name = "AUDIO_STORAGE_ROOT",
            .group = "Folders",
            .type = Type::path,
            .fallback = "{data}/uploads",
            .help = "Folder for uploaded audio. Files ingested from disk stay where they are.",
            .apply = [](Settings& s, const Value& v) { s.audio_storage_root = v.text; }},

    Setting{.name = "AUDIO_STORAGE_URL",
            .group = "Uploaded audio in S3",
            .type = Type::url,
            .fallback = {},
            .help = "Bucket for uploaded audio: s3://BUCKET or s3://BUCKET/PREFIX. Default: AUDIO_STORAGE_ROOT alone.",
            .apply =
                [](Settings& s, const Value& v) {
                    if (v.text.empty()) return;
                    const auto place = v.text.substr(util::url_scheme(v.text).size() + 3);
                    const auto slash = std::min(place.find('/'), place.size());
                    s.audio_storage.bucket = place.substr(0, slash);
                    s.audio_storage.prefix = folder_of(place.substr(slash));
                },
            .choices = {"s3"}},
    Setting{.name = "AUDIO_CACHE_BYTES",
            .group = "Uploaded audio in S3",
            .type = Type::integer,
            .fallback = "10737418240",
            .help = "With AUDIO_STORAGE_URL: bytes of the bucket's files that AUDIO_STORAGE_ROOT keeps.",
            .apply = [](Settings& s,
                        const Value& v) { s.audio_storage.cache_bytes = static_cast<std::uint64_t>(v.number); },
            .low = 0,
            .high = std::int64_t{1} << 50},
    Setting{.name = "S3_ENDPOINT",
            .group = "Uploaded audio in S3",
            .type = Type::url,
            .fallback = {},
            .help = "Address of the S3 server. Default: Amazon's in S3_REGION.",
            .apply = [](Settings& s, const Value& v) { s.audio_storage.endpoint = without_slash(v.text); },
            .choices = {"http", "https"}},
    Setting{.name = "S3_REGION",
            .group = "Uploaded audio in S3",
            .fallback = "us-east-1",
            .help = "Region of the bucket; servers that have none take any.",
            .apply = [](Settings& s, const Value& v) { s.audio_storage.region = v.text; }},
    Setting{.name = "S3_ADDRESSING",
            .group = "Uploaded audio in S3",
            .type = Type::choice,
            .fallback = "path",
            .help = "Where the bucket's name stands in addresses: path (HOST/BUCKET/…) or host (BUCKET.HOST/…).",
            .apply = [](Settings& s, const Value& v) { s.audio_storage.style = static_cast<S3Style>(v.number); },
            .choices = {"path", "host"}},
    Setting{.name = "S3_ACCESS_KEY",
            .group = "Uploaded audio in S3",
            .fallback = {},
            .help = "Access key of the bucket; AUDIO_STORAGE_URL needs it.",
            .apply = [](Settings& s, const Value& v) { s.audio_storage.access_key = v.text; },
            .secrecy = Secrecy::secret},
    Setting{.name = "S3_SECRET_KEY",
            .group = "Uploaded audio in S3",
            .fallback = {},
            .help = "The secret that belongs to S3_ACCESS_KEY.",
            .apply = [](Settings& s, const Value& v) { s.audio_storage.secret_key = v.text; },
            .secrecy = Secrecy::secret},

    Setting{
        .name = "POSTGRES_MODE",
        .group = "Catalog",
        .type = Type::choice,
        .fallback = "embedded",
        .help =
            "Database for the track catalog: embedded (SQLite in the data folder), docker or external (PostgreSQL).",
        .apply = [](Settings& s, const Value& v) { s.catalog.mode = mode_of(v); },
        .choices = kModes},
    Setting{
        .name = "DATABASE_URL",
        .group = "Catalog",
        .type = Type::url,
        .fallback = "sqlite://{data}/catalog.db",
        .help = "Embedded: sqlite://PATH. External: postgresql://USER:PASSWORD@HOST:PORT/NAME. Docker: may stay unset.",
        .apply = [](Settings& s, const Value& v) { s.catalog.url = v.text; },
        .choices = {"sqlite", "postgresql"},
        .secrecy = Secrecy::secret,
        .flag = "database-url"},
    Setting{.name = "POSTGRES_HOST",
            .group = "Catalog",
            .fallback = "localhost",
            .help = "Host name of the PostgreSQL container; from another container: postgres.",
            .apply = [](Settings& s, const Value& v) { s.catalog.host = v.text; }},
    Setting{.name = "POSTGRES_PORT",
            .group = "Catalog",
            .type = Type::integer,
            .fallback = "5432",
            .help = "Port published by the PostgreSQL container.",
            .apply = [](Settings& s, const Value& v) { s.catalog.port = port_of(v); },
            .low = 1,
            .high = kPort},

    Setting{
        .name = "FINGERPRINT_STORE",
        .group = "Fingerprint index",
        .type = Type::choice,
        .fallback = "lmdb",
        .help =
            "Store of the fingerprint index: lmdb (in FINGERPRINT_DB_PATH) or postgresql (in the catalog's database).",
        .apply = [](Settings& s, const Value& v) { s.fingerprints.store = static_cast<FingerprintStore>(v.number); },
        .choices = {"lmdb", "postgresql"}},
    Setting{
        .name = "FINGERPRINT_CACHE_BYTES",
        .group = "Fingerprint index",
        .type = Type::integer,
        .fallback = "1073741824",
        .help = "With FINGERPRINT_STORE=postgresql: bytes of the index that each process keeps in memory.",
        .apply = [](Settings& s, const Value& v) { s.fingerprints.cache_bytes = static_cast<std::size_t>(v.number); },
        .low = 0,
        .high = std::int64_t{1} << 40},
    Setting{
        .name = "FINGERPRINT_COPY_BYTES",
        .group = "Fingerprint index",
        .type = Type::integer,
        .fallback = "17179869184",
        .help = "With FINGERPRINT_STORE=postgresql: bytes of the index that are copied into the data folder; 0: none.",
        .apply = [](Settings& s, const Value& v) { s.fingerprints.copy_bytes = static_cast<std::uint64_t>(v.number); },
        .low = 0,
        .high = std::int64_t{1} << 50},

    Setting{.name = "QDRANT_MODE",
            .group = "Qdrant, for the vibe lane",
            .type = Type::choice,
            .fallback = "embedded",
            .help = "Store for embedding vectors: embedded (in the data folder), docker or external (Qdrant).",
            .apply = [](Settings& s, const Value& v) { s.qdrant.mode = mode_of(v); },
            .choices = kModes},
    Setting{.name = "QDRANT_URL",
            .group = "Qdrant, for the vibe lane",
            .type = Type::url,
            .fallback = "http://localhost:6333",
            .help = "Address of the Qdrant server; of a cluster the addresses of its nodes, separated by commas.",
            .apply = [](Settings& s, const Value& v) { s.qdrant.url = v.text; },
            .choices = {"http", "https"},
            .several = true},
    Setting{.name = "QDRANT_API_KEY",
            .group = "Qdrant, for the vibe lane",
            .fallback = {},
            .help = "API key of the Qdrant server, if it requires one.",
            .apply = [](Settings& s, const Value& v) { s.qdrant.api_key = v.text; },
            .secrecy = Secrecy::secret},
    Setting{.name = "QDRANT_COLLECTION_NAME",
            .group = "Qdrant, for the vibe lane",
            .fallback = "audio_embeddings",
            .help = "Name of the Qdrant collection.",
            .apply = [](Settings& s, const Value& v) { s.qdrant.collection_name = v.text; }},
    Setting{.name = "QDRANT_SHARD_NUMBER",
            .group = "Qdrant, for the vibe lane",
            .type = Type::integer,
            .fallback = "0",
            .help = "Shards of a new collection of a Qdrant cluster; 0: one a node.",
            .apply = [](Settings& s, const Value& v) { s.qdrant.shard_number = static_cast<unsigned>(v.number); },
            .high = 1024},
    Setting{
        .name = "QDRANT_REPLICATION_FACTOR",
        .group = "Qdrant, for the vibe lane",
        .type = Type::integer,
        .fallback = "0",
        .help = "Nodes that hold each shard of a new collection: 2 survive the loss of one. 0: as Qdrant is set up.",
        .apply = [](Settings& s, const Value& v) { s.qdrant.replication_factor = static_cast<unsigned>(v.number); },
        .high = 64},
    Setting{.name = "QDRANT_WRITE_CONSISTENCY_FACTOR",
            .group = "Qdrant, for the vibe lane",
            .type = Type::integer,
            .fallback = "0",
            .help = "Of these nodes, how many must have stored a write before it counts; 0: as Qdrant is set up.",
            .apply = [](Settings& s,
                        const Value& v) { s.qdrant.write_consistency_factor = static_cast<unsigned>(v.number); },
            .high = 64},
    Setting{.name = "QDRANT_HTTP_PORT",
            .group = "Qdrant, for the vibe lane",
            .type = Type::integer,
            .fallback = "6333",
            .help = "REST port published by the Qdrant container.",
            .apply = [](Settings& s, const Value& v) { s.qdrant.http_port = port_of(v); },
            .low = 1,
            .high = kPort},
    Setting{.name = "QDRANT_GRPC_PORT",
            .group = "Qdrant, for the vibe lane",
            .type = Type::integer,
            .fallback = "6334",
            .help = "gRPC port published by the Qdrant container.",
            .apply = [](Settings& s, const Value& v) { s.qdrant.grpc_port = port_of(v); },
            .low = 1,
            .high = kPort},

    Setting{.name = "EMBEDDING_MODEL",
            .group = "Embeddings, for the vibe lane",
            .type = Type::choice,
            .fallback = "musicnn",
            .help = "Model that turns audio into embedding vectors; `audio-ident model list` shows all models.",
            .apply = [](Settings& s, const Value& v) { s.embedding.model = v.text; },
            .choices = {"musicnn", "clap-htsat-large", "clap-htsat-unfused"}},
    Setting{.name = "MODELS_DIR",
            .group = "Embeddings, for the vibe lane",
            .type = Type::path,
            .fallback = "{data}/models",
            .help = "Folder where `audio-ident model install` stores models.",
            .apply = [](Settings& s, const Value& v) { s.embedding.models_dir = v.text; }},
    Setting{
        .name = "MODEL_URL",
        .group = "Embeddings, for the vibe lane",
        .type = Type::url,
        .fallback = {},
        .help =
            "Server for `audio-ident model install`, which downloads MODEL_URL/NAME/model.json and the files it lists.",
        .apply = [](Settings& s, const Value& v) { s.embedding.model_url = v.text; },
        .choices = {"http", "https"}},
    Setting{.name = "EMBEDDING_DIM",
            .group = "Embeddings, for the vibe lane",
            .type = Type::integer,
            .fallback = {},
            .help = "Length of an embedding vector. Default: the model's own length (512 for clap-htsat-large).",
            .apply =
                [](Settings& s, const Value& v) {
                    if (!v.text.empty()) s.embedding.dim = static_cast<int>(v.number);
                },
            .low = 1,
            .high = 4096},
    Setting{.name = "CLAP_SAMPLE_RATE",
            .group = "Embeddings, for the vibe lane",
            .type = Type::integer,
            .fallback = "48000",
            .help = "Sample rate of the CLAP model in Hz.",
            .apply = [](Settings& s, const Value& v) { s.embedding.clap_sample_rate = static_cast<int>(v.number); },
            .low = 8000,
            .high = 192000},

    Setting{.name = "SERVICE_HOST",
            .group = "HTTP service",
            .fallback = "127.0.0.1",
            .help = "Address to listen on. 0.0.0.0 listens on every network interface and requires ADMIN_API_KEY.",
            .apply = [](Settings& s, const Value& v) { s.service.host = v.text; },
            .flag = "host"},
    Setting{.name = "SERVICE_PORT",
            .group = "HTTP service",
            .type = Type::integer,
            .fallback = "17010",
            .help = "Port of the service; 0 picks a free port.",
            .apply = [](Settings& s, const Value& v) { s.service.port = port_of(v); },
            .low = 0,
            .high = kPort,
            .flag = "port"},
    Setting{.name = "UI_PORT",
            .group = "HTTP service",
            .type = Type::integer,
            .fallback = "17000",
            .help = "Port of the web page's development server.",
            .apply = [](Settings& s, const Value& v) { s.service.ui_port = port_of(v); },
            .low = 1,
            .high = kPort},
    Setting{.name = "CORS_ORIGINS",
            .group = "HTTP service",
            .type = Type::list,
            .fallback = "http://localhost:17000",
            .help = "Origins of web pages that browsers let use the service, separated by commas.",
            .apply = [](Settings& s, const Value& v) { s.service.cors_origins = v.items; }},
    Setting{
        .name = "ALLOWED_HOSTS",
        .group = "HTTP service",
        .type = Type::list,
        .fallback = {},
        .help = "Host names by which clients may reach the service, besides localhost and IP addresses; * allows any.",
        .apply = [](Settings& s, const Value& v) { s.service.allowed_hosts = v.items; }},
    Setting{.name = "ADMIN_API_KEY",
            .group = "HTTP service",
            .fallback = {},
            .help = "API key for requests that change the library.",
            .apply = [](Settings& s, const Value& v) { s.service.admin_api_key = v.text; },
            .secrecy = Secrecy::secret},
    Setting{.name = "INGEST_ROOTS",
            .group = "HTTP service",
            .type = Type::list,
            .fallback = {},
            .help = "Folders that the service may ingest from, subfolders included. Default: none.",
            .apply = [](Settings& s, const Value& v) { s.service.ingest_roots = v.items; }},
    Setting{.name = "RATE_LIMIT_PER_MINUTE",
            .group = "HTTP service",
            .type = Type::integer,
            .fallback = "0",
            .help = "Most API requests per minute from one client; 0: unlimited.",
            .apply = [](Settings& s, const Value& v) { s.service.requests_a_minute = static_cast<unsigned>(v.number); },
            .low = 0,
            .high = 1'000'000},
    Setting{.name = "SEARCH_TIMEOUT_SECONDS",
            .group = "HTTP service",
            .type = Type::integer,
            .fallback = "10",
            .help = "Time limit for each lane of a search, in seconds. A lane that takes longer reports a timeout.",
            .apply = [](Settings& s, const Value& v) { s.service.search_timeout = std::chrono::seconds(v.number); },
            .low = 1,
            .high = 600},
    Setting{.name = "SHUTDOWN_DELAY_SECONDS",
            .group = "HTTP service",
            .type = Type::integer,
            .fallback = "0",
            .help = "Seconds in which a service that is told to end says that it is not ready, and answers as before.",
            .apply = [](Settings& s, const Value& v) { s.service.shutdown_delay = std::chrono::seconds(v.number); },
            .low = 0,
            .high = 3600},

    Setting{
        .name = "MONITOR_ALLOW_PRIVATE",
        .group = "Monitors",
        .type = Type::choice,
        .fallback = "off",
        .help = "Whether monitors may connect to this machine and to private networks, and not only to the internet.",
        .apply = [](Settings& s, const Value& v) { s.monitors.allow_private = v.number == 1; },
        .choices = {"off", "on"}},
    Setting{.name = "MONITOR_KEEP_DAYS",
            .group = "Monitors",
            .type = Type::integer,
            .fallback = "0",
            .help = "Days after which the service removes plays and outages of monitors; 0: it keeps them.",
            .apply = [](Settings& s, const Value& v) { s.monitors.keep_days = static_cast<unsigned>(v.number); },
            .low = 0,
            .high = 36500},
    Setting{.name = "MONITOR_ROLLING_HOURS",
            .group = "Monitors",
            .type = Type::integer,
            .fallback = "24",
            .help = "Hours of each monitor's sound that stay searchable (search --mode stations); 0: none.",
            .apply = [](Settings& s, const Value& v) { s.monitors.rolling = std::chrono::hours(v.number); },
            .low = 0,
            .high = 744},
    Setting{.name = "MONITOR_WEBHOOK_URL",
            .group = "Monitors",
            .type = Type::url,
            .fallback = {},
            .help = "Where the service posts each play of a monitor when it is final. Default: nowhere.",
            .apply = [](Settings& s, const Value& v) { s.monitors.webhook_url = v.text; },
            .choices = {"http", "https"},
            .secrecy = Secrecy::secret},
    Setting{.name = "MONITOR_WEBHOOK_SECRET",
            .group = "Monitors",
            .fallback = {},
            .help = "What the webhook is signed with, known to the receiver too; MONITOR_WEBHOOK_URL needs it.",
            .apply = [](Settings& s, const Value& v) { s.monitors.webhook_secret = v.text; },
            .secrecy = Secrecy::secret},

    Setting{.name = "INGEST_THREADS",
            .group = "Processing and logs",
            .type = Type::integer,
            .fallback = "0",
            .help = "Number of files analysed at the same time; 0: one per core.",
            .apply = [](Settings& s, const Value& v) { s.ingest_threads = static_cast<unsigned>(v.number); },
            .low = 0,
            .high = 256,
            .flag = "threads"},
    Setting{.name = "DECODE_SANDBOX",
            .group = "Processing and logs",
            .type = Type::choice,
            .fallback = "on",
            .help = "Decode audio in restricted processes, so that a malicious file cannot do harm.",
            .apply = [](Settings& s, const Value& v) { s.decode_sandbox = v.number == 0; },
            .choices = {"on", "off"}},
    Setting{.name = "TAG_FALLBACK_ENCODING",
            .group = "Processing and logs",
            .type = Type::choice,
            .fallback = "windows-1252",
            .help = "Encoding of old tags that do not state theirs, when it cannot be detected.",
            .apply = [](Settings& s, const Value& v) { s.tag_fallback_encoding = v.text; },
            .choices = {"windows-1252", "windows-1250", "windows-1251", "windows-1253", "windows-1254", "windows-1255",
                        "windows-1256", "windows-1257", "windows-874", "koi8-r", "shift_jis", "gbk", "big5", "euc-kr"}},
    Setting{.name = "LOG_LEVEL",
            .group = "Processing and logs",
            .type = Type::choice,
            .fallback = "info",
            .help = "Lowest level of the messages that are logged to stderr.",
            .apply = [](Settings& s, const Value& v) { s.log.level = static_cast<LogLevel>(v.number); },
            .choices = {"trace", "debug", "info", "warning", "error"},
            .flag = "log-level"},
    Setting{.name = "LOG_FORMAT",
            .group = "Processing and logs",
            .type = Type::choice,
            .fallback = "text",
            .help = "Format of log messages: text, or one JSON object per line.",
            .apply = [](Settings& s, const Value& v) { s.log.format = static_cast<LogFormat>(v.number); },
            .choices = {"text", "json"},
            .flag = "log-format"},
};

bool contains(const std::vector<std::string_view>& choices, std::string_view text) {
    return std::find(choices.begin(), choices.end(), text) != choices.end();
}

}  // namespace

std::span<const Setting> all_settings() {
    return kSettings;
}

const Setting* find_setting(std::string_view name) {
    const auto found = std::find_if(kSettings.begin(), kSettings.end(), [&](const Setting& s) {
        return s.name == name || (!s.alias.empty() && s.alias == name);
    });
    return found == kSettings.end() ? nullptr : &*found;
}

std::string allowed(const Setting& setting) {
    switch (setting.type) {
        case Type::integer: return fmt::format("a number from {} to {}", setting.low, setting.high);
        case Type::choice: return fmt::format("one of {}", fmt::join(setting.choices, ", "));
        case Type::path: return "a path";
        case Type::url:
            return fmt::format("{} with {}://",
                               setting.several ? "URLs, separated by commas, that start" : "a URL that starts",
                               fmt::join(setting.choices, ":// or "));
        case Type::list: return "a list separated by commas";
        case Type::text: break;
    }
    return "text on one line";
}

Result<Value> parse(const Setting& setting, std::string_view text) {
    Value value{std::string(text), 0, {}};
    bool good = text.find_first_of("\n\r") == std::string_view::npos && text.find('\0') == std::string_view::npos;
    if (text.empty()) return value;
    switch (setting.type) {
        case Type::integer: {
            const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value.number);
            good = error == std::errc() && end == text.data() + text.size() && value.number >= setting.low &&
                   value.number <= setting.high;
            break;
        }
        case Type::choice: {
            const auto found = std::find(setting.choices.begin(), setting.choices.end(), text);
            good = found != setting.choices.end();
            value.number = found - setting.choices.begin();
            break;
        }
        case Type::url: {
            const auto urls = setting.several ? util::comma_list(text) : std::vector{std::string(text)};
            good = good && !urls.empty() && std::ranges::all_of(urls, [&](const std::string& url) {
                       const auto scheme = util::url_scheme(url);
                       return contains(setting.choices, scheme) && url.size() > scheme.size() + 3;
                   });
            break;
        }
        case Type::list: value.items = util::comma_list(text); break;
        case Type::path:
        case Type::text: break;
    }
    if (!good) return fail(ErrorKind::invalid_input, "{}", allowed(setting));
    return value;
}

std::string masked(const Setting& setting, std::string_view text) {
    if (setting.type == Type::url) {
        const bool is_url = contains(setting.choices, util::url_scheme(text));
        return is_url || setting.secrecy == Secrecy::open ? util::mask_url(text) : "***";
    }
    return setting.secrecy == Secrecy::secret && !text.empty() ? "***" : std::string(text);
}

}  // namespace audio_ident::config
