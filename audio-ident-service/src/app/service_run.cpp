#include "app/service_run.hpp"

#include <spdlog/spdlog.h>

#include "api/background_ingest.hpp"
#include "api/background_timeline.hpp"
#include "api/error_codes.hpp"
#include "api/monitor_types.hpp"
#include "api/routes.hpp"
#include "app/cluster.hpp"
#include "app/index_store.hpp"
#include "app/systemd.hpp"
#include "app/versions.hpp"
#include "catalog/file_documents.hpp"
#include "catalog/postgres_job_leases.hpp"
#include "catalog/postgres_services.hpp"
#include "http/form.hpp"
#include "http/server.hpp"
#include "jobs/ingest_jobs.hpp"
#include "jobs/job_queue.hpp"
#include "jobs/shared_job_queue.hpp"
#include "jobs/timeline_jobs.hpp"
#include "util/durable_folder.hpp"
#include "util/json.hpp"
#include "util/url.hpp"
#include "util/wait_for_stop.hpp"

namespace audio_ident::app {
namespace {

/// A service that shares its files with others may still be about to add what nobody lists yet.
constexpr auto kAbandonedAfter = std::chrono::hours(1);

/// The error that ends the start: it names what cannot be reached, where it should be, and why.
Unexpected cannot_reach(std::string_view what, std::string_view where, Error error) {
    error.message = fmt::format("FATAL: Cannot reach {} at {}. Error: {}", what, where, error.message);
    return Unexpected(std::move(error));
}

}  // namespace

ServiceRun::ServiceRun(const config::Settings& settings, const std::stop_token& stop)
    : settings_(settings),
      backends_(settings),
      library_(backends_, library_settings(settings)),
      service_({settings.service.cors_origins, settings.service.allowed_hosts, settings.service.admin_api_key},
               settings.service.requests_a_minute, api::http_error_code, metrics_),
      on_stop_(stop, [this] { leave(); }) {}

/// Ends the run; when it serves, not before balancers have had time to see that it will.
void ServiceRun::leave() {
    const auto delay = settings_.service.shutdown_delay;
    if (!serving_ || delay.count() == 0) {
        ending_.request_stop();
        return;
    }
    service_.leave();
    spdlog::info("not ready any more; requests are answered for another {} s", delay.count());
    farewell_ = std::jthread([this, delay] {
        util::wait_for_stop(delay, ending_.get_token());
        ending_.request_stop();
    });
}

Result<void> ServiceRun::open() {
    // When it cannot be made, what stores something in it says so.
    util::make_private_folder(settings_.data_dir);
    name_.emplace(ServiceName::take(settings_.data_dir));
    const auto deadline = library::store_deadline(ending_.get_token());
    if (auto opened = open_catalog(deadline); !opened) return opened;
    if (auto opened = open_indexes(deadline); !opened) return opened;
    if (auto opened = open_audio(deadline); !opened) return opened;
    if (const auto calibration = library_.stores().calibration(); !calibration) return forward(calibration);
    open_vibe_lane(deadline);
    return {};
}

bool ServiceRun::is_shared() const {
    return settings_.catalog.mode != config::StoreMode::embedded;
}

Result<void> ServiceRun::open_catalog(const Deadline& deadline) {
    const auto opened = library_.stores().make_catalog(deadline);
    if (opened) return {};
    const bool embedded = settings_.catalog.mode == config::StoreMode::embedded;
    return cannot_reach(embedded ? "the catalog" : "PostgreSQL", util::mask_url(settings_.catalog.url), opened.error());
}

Result<void> ServiceRun::open_indexes(const Deadline& deadline) {
    const auto index = library_.stores().index(library::Access::read_write);
    if (!index) return cannot_reach("the fingerprint index", index_location(settings_), index.error());
    if (settings_.qdrant.mode == config::StoreMode::embedded) return {};
    const auto there = index::QdrantVectorIndex::reach(qdrant_server(settings_.qdrant), deadline);
    if (!there) return cannot_reach("Qdrant", util::mask_url(settings_.qdrant.url), there.error());
    return {};
}

/// Without it, searches work and uploads fail, so that it may come later than this service.
Result<void> ServiceRun::open_audio(const Deadline& deadline) {
    auto* const audio = library_.stores().shared_audio();
    if (!audio) return {};
    const auto answers = audio->ping(deadline);
    if (!answers && answers.error().kind == ErrorKind::invalid_input)
        return cannot_reach("the bucket for audio", audio->text(), answers.error());
    if (!answers) spdlog::warn("uploads fail, and audio that is not here: {}", answers.error().message);
    return {};
}

void ServiceRun::open_vibe_lane(const Deadline& deadline) {
    if (const auto ready = library_.warm_up(deadline); !ready) {
        spdlog::warn("only the exact lane is available: {}", ready.error().message);
        return;
    }
    const auto embedder = library_.stores().embedder_in_service();
    if (!embedder) return;
    const auto& model = (*embedder)->model();
    if (const auto vectors = library_.stores().vectors({model.space(), model.dimension}, deadline))
        (*vectors)->keep_up_to_date();
}

std::function<void()> ServiceRun::end_because(const char* reason) {
    return [this, reason] {
        spdlog::info("{}: starting again with the new one", reason);
        ending_.request_stop();
    };
}

void ServiceRun::watch() {
    // In PostgreSQL a replaced index is seen by the next search, as every change is.
    if (uses_lmdb(settings_)) {
        index_file_.emplace(settings_.fingerprint_db_path / "data.mdb",
                            end_because("the fingerprint index was replaced"));
    }
    backends_.set_check([this]() -> Result<void> {
        if (!index_file_ || !index_file_->replaced()) return {};
        return fail(ErrorKind::not_available, "the fingerprint index was replaced; try again in a moment");
    });
    auto& models = library_.stores().models();
    const auto embedder = library_.stores().embedder_in_service();
    if (embedder) static_cast<void>(models.begin((*embedder)->model()));
    const std::string model = library::ModelInService::kDocument;
    documents_.emplace(backends_.documents(),
                       std::vector<std::string>{model, search::kCalibrationDocument, search::kSimilarityDocument},
                       [this, model, on_model = end_because("the model was replaced")](const std::string& name) {
                           if (name == model) on_model();
                           else library_.stores().forget_measurements();
                       });
    // What was read at the start may have changed before the watch began.
    library_.stores().forget_measurements();
}

Result<std::unique_ptr<jobs::Jobs>> ServiceRun::open_queue(std::unique_ptr<jobs::JobStore> store,
                                                           const jobs::RunWork& run) {
    if (leases_) {
        auto shared = jobs::SharedJobQueue::open(std::move(store), *leases_, run, {});
        if (!shared) return forward(shared);
        return std::move(*shared);
    }
    auto queue = jobs::JobQueue::open(std::move(store), run);
    if (!queue) return forward(queue);
    return std::move(*queue);
}

/// A queue for each kind of work, so that a timeline of a day and an ingest do not wait for each other.
Result<void> ServiceRun::open_jobs(const jobs::TimelineFiles& files) {
    const auto run =
        jobs::run_work_with({api::background_ingest(library_), api::background_timeline(library_, files, unfinished_)});
    if (is_shared()) {
        leases_ = catalog::make_postgres_job_leases(settings_.catalog.url, name_->id().to_string());
        catalog::FileDocuments own(settings_.data_dir);
        if (auto moved = jobs::IngestJobs::move(own, backends_.documents()); !moved) return moved;
    }
    auto ingests = open_queue(std::make_unique<jobs::IngestJobs>(backends_.documents()), run);
    if (!ingests) return forward(ingests);
    ingests_ = std::move(*ingests);
    const auto rows = library_.timelines(library::store_deadline(ending_.get_token()));
    if (!rows) return forward(rows);
    const auto unlisted_for = leases_ ? kAbandonedAfter : std::chrono::seconds();
    auto timelines = open_queue(std::make_unique<jobs::TimelineJobs>(**rows, files, unlisted_for), run);
    if (!timelines) return forward(timelines);
    timelines_ = std::move(*timelines);
    return {};
}

Result<void> ServiceRun::wire() {
    const auto& settings = settings_.service;
    http::remove_abandoned_uploads(settings_.audio_storage_root);
    const jobs::TimelineFiles files(settings_.audio_storage_root / "timelines", library_.stores().shared_audio());
    if (auto opened = open_jobs(files); !opened) return opened;
    const api::About about{AUDIO_IDENT_VERSION, component_versions()};
    service_.add(api::health_routes(library_, about, metrics_, [this] { return service_.is_leaving(); }));
    service_.add(api::search_routes(library_, settings.search_timeout));
    service_.add(api::live_routes(library_));
    service_.add(api::track_routes(library_));
    service_.add(api::audio_routes(library_, api::OpusCache(settings_.data_dir / "opus")));
    const api::IngestRules rules{settings_.audio_storage_root,
                                 {settings.ingest_roots.begin(), settings.ingest_roots.end()}};
    service_.add(api::ingest_routes(library_, *ingests_, rules));
    service_.add(api::job_routes(*ingests_));
    const api::TimelineDoor door{library_, *timelines_, unfinished_, files, rules};
    service_.add(api::timeline_routes(door));
    service_.add(api::timeline_result_routes(door));
    service_.add(api::timeline_recording_routes(door));
    service_.add(api::monitor_routes(library_, rules));
    service_.add(api::sound_routes(library_, monitor::SoundFiles(settings_.data_dir)));
    service_.add(api::play_routes(library_));
    service_.add(api::document_routes(service_.routes()));
    service_.add(api::page_routes());
    return {};
}

/// Null: what stations play is not kept, because the settings or a failure say so.
monitor::RollingIndex* ServiceRun::open_rolling() {
    if (settings_.monitors.rolling.count() == 0) return nullptr;
    const auto store = library_.stores().stations(library::Access::read_write);
    if (!store) {
        spdlog::warn("what stations play cannot be kept for searches: {}", store.error().message);
        return nullptr;
    }
    return &rolling_.emplace(monitor::RollingIndex::Stores{(*store)->reader(), (*store)->writer()},
                             monitor::RollingIndex::Settings{.keep = settings_.monitors.rolling});
}

/// Null: unknown sounds are not looked for, because what stations play is not kept.
monitor::SoundKeeper* ServiceRun::open_sounds(catalog::MonitorStore& store, monitor::RollingIndex* rolling,
                                              const std::string& name) {
    if (rolling == nullptr) return nullptr;
    return &sounds_.emplace(monitor::SoundKeeper::Parts{store, *rolling, monitor::SoundFiles(settings_.data_dir), name},
                            monitor::SoundKeeper::Settings{.compared = settings_.monitors.rolling});
}

Result<void> ServiceRun::keep_monitors() {
    auto& stores = library_.stores();
    const auto catalog = stores.catalog(library::store_deadline(ending_.get_token()));
    if (!catalog) return forward(catalog);
    const auto index = stores.index();
    if (!index) return forward(index);
    const auto name = name_->id().to_string();
    auto* const rolling = open_rolling();
    auto* const sounds = open_sounds((*catalog)->monitors(), rolling, name);
    const bool has_webhook = !settings_.monitors.webhook_url.empty();
    const auto deliver = has_webhook ? catalog::Deliver::final_plays : catalog::Deliver::nothing;
    monitors_.emplace(
        monitor::KeeperParts{**catalog, (*index)->reader(), backends_.decoder(), rolling, sounds, deliver},
        monitor::KeeperSettings{name,
                                settings_.monitors.allow_private ? curl::Addresses::all : curl::Addresses::only_public,
                                settings_.monitors.keep_days});
    metrics_.add_text([this] { return monitors_->metrics(); });
    if (has_webhook) deliver_plays((*catalog)->deliveries(), name);
    return {};
}

void ServiceRun::deliver_plays(catalog::DeliveryStore& store, const std::string& service) {
    webhook_.emplace(monitor::WebhookAddress{settings_.monitors.webhook_url, settings_.monitors.webhook_secret});
    const auto body_of = [](const catalog::Delivery& delivery) {
        return util::json_text_of(api::play_event_of(delivery));
    };
    const auto post = [this](const std::string& id, const std::string& body, const Deadline& deadline) {
        return webhook_->post(id, body, deadline);
    };
    courier_.emplace(monitor::CourierParts{store, body_of, post}, service);
    courier_thread_ = std::jthread([this](const std::stop_token& stop) { courier_->run(stop); });
    metrics_.add_text([this] { return courier_->metrics(); });
}

void ServiceRun::say_alive(const std::string& url) {
    if (!is_shared()) return;
    heartbeat_.emplace(catalog::make_postgres_services(settings_.catalog.url), name_->id(),
                       [this, url](const Deadline& deadline) {
                           const auto index = library_.stores().index();
                           return about_service(settings_, url, index ? *index : nullptr, deadline);
                       });
}

Result<std::uint16_t> ServiceRun::listen(std::uint16_t port, const cli::Listening& listening) {
    auto server = http::Server::listen({.host = settings_.service.host, .port = port}, service_, metrics_);
    if (!server) return forward(server);
    const std::string url = fmt::format("http://{}:{}", (*server)->host(), (*server)->port());
    listening(url);
    spdlog::info("listening on {}", url);
    notify_systemd("READY=1");
    say_alive(url);
    keeper_.emplace(library_);
    if (const auto kept = keep_monitors(); !kept) spdlog::warn("monitors: {}", kept.error().message);
    const auto bound = (*server)->port();
    serving_ = true;
    (*server)->run(ending_.get_token());
    return bound;
}

}  // namespace audio_ident::app
