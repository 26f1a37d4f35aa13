#include <cstdlib>
#include <spdlog/spdlog.h>

#include "app/application.hpp"
#include "app/file_watch.hpp"
#include "app/systemd.hpp"
#include "app/versions.hpp"
#include "http/routes.hpp"
#include "http/server.hpp"
#include "util/url.hpp"

namespace audio_ident::app {
namespace {

/// The start ends here: names what cannot be reached, where it was looked for, and why.
Unexpected cannot_reach(std::string_view what, std::string_view where, Error error) {
    error.message = fmt::format("FATAL: Cannot reach {} at {}. Error: {}", what, where, error.message);
    return Unexpected(std::move(error));
}

Result<void> check_open_to_others(const config::ServiceSettings& settings, const cli::ServeOptions& options) {
    if (http::is_loopback(settings.host) || !settings.admin_api_key.empty() ||
        options.anonymous_writes == cli::AnonymousWrites::allow) {
        return {};
    }
    return fail(ErrorKind::invalid_input,
                "SERVICE_HOST={} lets other machines change the library; set ADMIN_API_KEY (or ADMIN_API_KEY_FILE), or "
                "start with --allow-anonymous-writes",
                settings.host);
}

}  // namespace

Result<void> Application::serve(const cli::ServeOptions& options,
                                const std::function<void(const std::string& url)>& listening) {
    if (auto safe = check_open_to_others(settings_.service, options); !safe) return safe;
    auto port = serve_stores(settings_.service.port, listening);
    while (port && !stop_token().stop_requested()) {
        port = serve_stores(*port, [](const std::string&) {});
    }
    if (!port) return forward(port);
    notify_systemd("STOPPING=1");
    spdlog::info("stopped");
    return {};
}

/// Until a stop, or until the index's file is another one; returns the port.
Result<std::uint16_t> Application::serve_stores(std::uint16_t port,
                                                const std::function<void(const std::string& url)>& listening) {
    const auto& settings = settings_.service;
    const bool embedded = settings_.catalog.mode == config::StoreMode::embedded;
    if (embedded) {
        if (auto made = make_catalog_folder(); !made) return forward(made);
    }
    const auto rows = catalog();
    if (!rows) {
        return cannot_reach(embedded ? "the catalog" : "PostgreSQL", util::mask_url(settings_.catalog.url),
                            rows.error());
    }
    close_index();
    model_.look_again();
    const auto index = open_index(lmdb::Access::read_write);
    if (!index) return cannot_reach("the fingerprint index", settings_.fingerprint_db_path.string(), index.error());

    if (settings_.qdrant.mode != config::StoreMode::embedded) {
        const auto there = index::QdrantVectorIndex::reach(qdrant_server(settings_.qdrant), deadline());
        if (!there) return cannot_reach("Qdrant", util::mask_url(settings_.qdrant.url), there.error());
    }

    const auto confidence = calibration();
    if (!confidence) return forward(confidence);

    std::stop_source ending;
    const std::stop_callback on_stop(stop_token(), [&ending] { ending.request_stop(); });
    const auto restart_because = [&ending](const char* reason) {
        return [&ending, reason] {
            spdlog::info("{}: starting again with the new one", reason);
            ending.request_stop();
        };
    };
    const FileWatch index_file(settings_.fingerprint_db_path / "data.mdb",
                               restart_because("the fingerprint index was replaced"));

    http::WriteTurns turns;
    // Without a model the exact lane works in full.
    const auto sounds = vibe();
    const http::Library library{
        .catalog = **rows,
        .fingerprints = (*index)->reader(),
        .fingerprint_writer = (*index)->writer(),
        .calibration = *confidence,
        .decoder = *decoder_,
        .make_analyzer = make_analyzer(sounds ? &(*sounds)->embedder() : nullptr),
        .chromaprint = chromaprint(),
        .duplicate_notes = duplicate_notes(),
        .waveforms = waveforms(),
        .turns = turns,
        .lock =
            [&](const std::string& purpose, const Deadline& deadline) {
                auto lock = util::FileLock::acquire(settings_.data_dir / "lock", purpose, deadline);
                // What is written now would be lost.
                if (lock && index_file.replaced())
                    lock = fail(ErrorKind::not_available, "the fingerprint index was replaced; try again in a moment");
                return lock;
            },
        .vibe = sounds,
        .lanes = sounds ? &vectors_->lanes() : nullptr,
        .vectors = sounds ? &vectors_->writer() : nullptr,
        .forget_vectors = forget_vectors(settings_.qdrant),
    };
    if (sounds) vectors_->keep_graph();
    if (!library.vibe) spdlog::warn("without the vibe lane: {}", library.vibe.error().message);
    std::optional<FileWatch> model_file;
    if (sounds && model_.begin((*sounds)->embedder().model()))
        model_file.emplace(model_.file(), restart_because("the model was replaced"));
    http::Metrics metrics;
    const http::About about{AUDIO_IDENT_VERSION, component_versions()};
    http::Service service({settings.cors_origins, settings.allowed_hosts, settings.admin_api_key},
                          settings.requests_a_minute, metrics);
    service.add(http::health_routes(library, about, metrics));
    service.add(http::search_routes(library, settings.search_timeout));
    service.add(
        http::track_routes(library, settings_.audio_storage_root, http::OpusCache(settings_.data_dir / "opus")));
    auto jobs = http::Jobs::open(library, settings_.data_dir / "jobs", settings_.ingest_threads);
    if (!jobs) return forward(jobs);
    service.add(http::ingest_routes(
        library, **jobs, {settings_.audio_storage_root, {settings.ingest_roots.begin(), settings.ingest_roots.end()}}));
    service.add(http::document_routes(service.routes()));
    service.add(http::ui_routes());

    auto server = http::Server::listen({.host = settings.host, .port = port}, service, metrics);
    if (!server) return forward(server);
    const std::string url = fmt::format("http://{}:{}", (*server)->host(), (*server)->port());
    listening(url);
    spdlog::info("listening on {}", url);
    notify_systemd("READY=1");
    port = (*server)->port();
    (*server)->run(ending.get_token());
    return port;
}

}  // namespace audio_ident::app
