#include "app/heartbeat.hpp"

#include <chrono>
#include <utility>

#include "util/wait_for_stop.hpp"

namespace audio_ident::app {
namespace {

constexpr auto kInterval = std::chrono::seconds(5);
constexpr auto kAnswer = std::chrono::seconds(4);
constexpr auto kGoodbye = std::chrono::seconds(2);

}  // namespace

Heartbeat::Heartbeat(std::unique_ptr<catalog::ServiceRegistry> registry, Uuid id,
                     std::function<std::string(const Deadline&)> about)
    : registry_(std::move(registry)),
      id_(id),
      about_(std::move(about)),
      thread_([this](const std::stop_token& stop) { run(stop); }) {}

void Heartbeat::run(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
        const auto deadline = Deadline::after(kAnswer, stop);
        const std::string about = about_(deadline);
        // One that fails is missed by doctor, which says so.
        static_cast<void>(registry_->put(id_, about, deadline));
        util::wait_for_stop(kInterval, stop);
    }
    static_cast<void>(registry_->remove(id_, Deadline::after(kGoodbye)));
}

}  // namespace audio_ident::app
