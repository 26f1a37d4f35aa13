#include "api/background_ingest.hpp"

#include <spdlog/spdlog.h>

namespace audio_ident::api {
namespace {

/// Reports the progress of a change to a job.
class JobObserver : public library::ChangeObserver {
  public:
    explicit JobObserver(ingest::IngestObserver& job) : job_(job) {}

    void on_progress(const ingest::IngestProgress& progress) override { job_.on_progress(progress); }
    void on_file(const ingest::FileEvent& event) override { job_.on_file(event); }
    void on_notice(std::string_view sentence) override { spdlog::warn("{}", sentence); }

  private:
    ingest::IngestObserver& job_;
};

}  // namespace

jobs::IngestFolder background_ingest(library::Library& library) {
    return
        [&library](const std::filesystem::path& folder, ingest::IngestObserver& observer, const std::stop_token& stop) {
            JobObserver of_job(observer);
            return library.ingest(
                {.paths = {folder}},
                {.purpose = "audio-ident serve: ingest job", .priority = library::Priority::background, .stop = stop},
                of_job);
        };
}

}  // namespace audio_ident::api
