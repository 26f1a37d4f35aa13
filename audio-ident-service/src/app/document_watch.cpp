#include "app/document_watch.hpp"

#include <utility>

#include "util/wait_for_stop.hpp"

namespace audio_ident::app {
namespace {

constexpr int kPatience = 3;  ///< looks at a missing document before it counts as removed

}  // namespace

DocumentWatch::DocumentWatch(catalog::DocumentStore& documents, std::vector<std::string> names, OnChange on_change,
                             std::chrono::milliseconds interval)
    : documents_(documents),
      names_(std::move(names)),
      on_change_(std::move(on_change)),
      interval_(interval),
      first_(documents_.stamps(names_, Deadline::after(std::chrono::seconds(10)))
                 .value_or(std::vector<std::string>(names_.size()))),
      thread_([this](const std::stop_token& stop) { watch(stop); }) {}

void DocumentWatch::watch(const std::stop_token& stop) const {
    auto known = first_;
    std::vector<int> missing(names_.size());
    while (true) {
        util::wait_for_stop(interval_, stop);
        if (stop.stop_requested()) return;
        const auto now = documents_.stamps(names_, Deadline::after(std::chrono::seconds(5), stop));
        if (!now) continue;
        for (std::size_t i = 0; i < names_.size(); ++i) {
            const auto& stamp = (*now)[i];
            missing[i] = stamp.empty() ? missing[i] + 1 : 0;
            if (stamp == known[i] || (stamp.empty() && missing[i] < kPatience)) continue;
            known[i] = stamp;
            on_change_(names_[i]);
        }
    }
}

}  // namespace audio_ident::app
