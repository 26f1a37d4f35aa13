#include "app/graph_keeper.hpp"

#include <chrono>
#include <spdlog/spdlog.h>
#include <string>

#include "util/thread_priority.hpp"
#include "util/wait_for_stop.hpp"

namespace audio_ident::app {
namespace {

constexpr auto kInterval = std::chrono::minutes(1);

void keep(index::LmdbVectorIndex& vectors, const std::stop_token& stop) {
    util::take_lowest_priority();
    std::string told;  // the last failure logged, so that a full disk is logged only once
    while (!stop.stop_requested()) {
        const auto begun = std::chrono::steady_clock::now();
        const auto state = vectors.update_graph(Deadline::never(stop));
        if (state && *state == index::GraphState::made) {
            const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begun;
            spdlog::info("the graph of the vectors is up to date, after {:.0f} s", took.count());
        }
        if (!state && !stop.stop_requested() && state.error().message != told)
            spdlog::warn("the graph of the vectors: {}", state.error().message);
        told = state ? std::string() : state.error().message;
        util::wait_for_stop(kInterval, stop);
    }
}

}  // namespace

GraphKeeper::GraphKeeper(index::LmdbVectorIndex& vectors)
    : thread_([&vectors](const std::stop_token& stop) { keep(vectors, stop); }) {}

}  // namespace audio_ident::app
