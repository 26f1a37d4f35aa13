#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <thread>

#include "api/unfinished_timelines.hpp"
#include "app/backends.hpp"
#include "app/document_watch.hpp"
#include "app/file_watch.hpp"
#include "app/heartbeat.hpp"
#include "app/library_keeper.hpp"
#include "app/service_name.hpp"
#include "catalog/job_leases.hpp"
#include "cli/program.hpp"
#include "http/metrics.hpp"
#include "http/service.hpp"
#include "jobs/job_store.hpp"
#include "jobs/jobs.hpp"
#include "jobs/run_work.hpp"
#include "jobs/timeline_files.hpp"
#include "monitor/keeper.hpp"
#include "monitor/rolling/rolling_index.hpp"
#include "monitor/unknown_sounds/sound_keeper.hpp"
#include "monitor/webhook/courier.hpp"
#include "monitor/webhook/webhook.hpp"

namespace audio_ident::app {

/// One run of the service over one set of opened stores. Call open(), watch(), wire() and listen(), in this order.
class ServiceRun {
  public:
    /// `stop` ends the run, after SHUTDOWN_DELAY_SECONDS if it serves. `settings` outlive it.
    ServiceRun(const config::Settings& settings, const std::stop_token& stop);

    /// Opens all stores and loads the model of the vibe lane; the exact lane also works without that model. The error
    /// names what cannot be reached, where it should be, and why.
    Result<void> open();
    /// From now on the run ends when another program replaces a store that it has open.
    void watch();
    /// Adds the routes and continues unfinished jobs.
    Result<void> wire();
    /// Serves until the end, and replaces fingerprints of an earlier version meanwhile; returns the port.
    Result<std::uint16_t> listen(std::uint16_t port, const cli::Listening& listening);

  private:
    Result<void> open_catalog(const Deadline& deadline);
    Result<void> open_indexes(const Deadline& deadline);
    /// Whether other services may use the same library.
    bool is_shared() const;
    Result<std::unique_ptr<jobs::Jobs>> open_queue(std::unique_ptr<jobs::JobStore> store, const jobs::RunWork& run);
    Result<void> open_jobs(const jobs::TimelineFiles& files);
    Result<void> keep_monitors();
    monitor::RollingIndex* open_rolling();
    void deliver_plays(catalog::DeliveryStore& store, const std::string& service);
    monitor::SoundKeeper* open_sounds(catalog::MonitorStore& store, monitor::RollingIndex* rolling,
                                      const std::string& name);
    void say_alive(const std::string& url);
    Result<void> open_audio(const Deadline& deadline);
    void open_vibe_lane(const Deadline& deadline);
    std::function<void()> end_because(const char* reason);
    void leave();

    const config::Settings& settings_;
    ChosenBackends backends_;
    library::StoredLibrary library_;
    std::stop_source ending_;
    std::optional<FileWatch> index_file_;
    std::optional<DocumentWatch> documents_;
    http::Metrics metrics_;
    http::Service service_;
    api::UnfinishedTimelines unfinished_;
    std::optional<ServiceName> name_;             ///< from open() on
    std::unique_ptr<catalog::JobLeases> leases_;  ///< when other services share the jobs
    std::unique_ptr<jobs::Jobs> ingests_;
    std::unique_ptr<jobs::Jobs> timelines_;
    std::optional<LibraryKeeper> keeper_;
    std::optional<monitor::RollingIndex> rolling_;  ///< of what stations play
    std::optional<monitor::SoundKeeper> sounds_;    ///< reads it
    std::optional<monitor::Keeper> monitors_;
    std::optional<monitor::Webhook> webhook_;
    std::optional<monitor::Courier> courier_;
    std::jthread courier_thread_;
    std::optional<Heartbeat> heartbeat_;  ///< when other services share the library
    std::atomic<bool> serving_ = false;
    std::jthread farewell_;  ///< from the stop to the end
    std::stop_callback<std::function<void()>> on_stop_;
};

}  // namespace audio_ident::app
