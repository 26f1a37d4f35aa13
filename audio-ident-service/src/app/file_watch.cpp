#include "app/file_watch.hpp"

#include <chrono>
#include <utility>

#include "util/wait_for_stop.hpp"

namespace audio_ident::app {
namespace {

constexpr auto kInterval = std::chrono::milliseconds(250);
constexpr int kPatience = 8;  ///< intervals to wait for a new file after the old one was removed

std::optional<ingest::FileId> id_of(const std::filesystem::path& file) {
    const auto status = ingest::file_status(file);
    return status && *status ? std::optional((*status)->id) : std::nullopt;
}

}  // namespace

FileWatch::FileWatch(std::filesystem::path file, std::function<void()> on_replaced)
    : file_(std::move(file)),
      opened_(id_of(file_)),
      thread_([this, on_replaced = std::move(on_replaced)](const std::stop_token& stop) { watch(stop, on_replaced); }) {
}

bool FileWatch::replaced() const {
    return id_of(file_) != opened_;
}

void FileWatch::watch(const std::stop_token& stop, const std::function<void()>& on_replaced) const {
    for (int gone = 0; gone < kPatience;) {
        util::wait_for_stop(kInterval, stop);
        if (stop.stop_requested()) return;
        const auto now = id_of(file_);
        if (now && now != opened_) break;
        gone = now ? 0 : gone + 1;
    }
    on_replaced();
}

}  // namespace audio_ident::app
