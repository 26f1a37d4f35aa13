#include "timeline/session.hpp"

#include <exception>
#include <new>

#include "timeline/entries.hpp"

namespace audio_ident::timeline {

namespace {

/// Exceptions, which only a lack of memory or a bug can throw, become an Error.
template <typename Work>
auto guarded(Work work) -> decltype(work()) {
    try {
        return work();
    } catch (const std::bad_alloc&) {
        return fail(ErrorKind::internal, "the timeline ran out of memory");
    } catch (const std::exception& error) {
        return fail(ErrorKind::internal, "the timeline failed: {}", error.what());
    }
}

}  // namespace

Session::Session(std::unique_ptr<index::FingerprintSnapshot> snapshot, Executor& executor, const Options& options)
    : options_(options),
      snapshot_(std::move(snapshot)),
      listener_(std::make_unique<Listener>(*snapshot_, executor)),
      log_(options.keeps_sound ? std::make_unique<SoundLog>() : nullptr) {}

Result<Session> Session::open(index::FingerprintIndexReader& reader, Executor& executor, const Options& options) {
    auto snapshot = reader.snapshot(options.deadline);
    if (!snapshot) return forward(snapshot);
    return Session(std::move(*snapshot), executor, options);
}

Result<void> Session::consume(std::span<const float> samples) {
    if (options_.deadline.expired()) return fail(ErrorKind::timeout, "the timeline was not finished in time");
    return guarded([&]() -> Result<void> {
        listener_->consume(samples);
        if (log_) log_->consume(samples);
        return snapshot_->status();
    });
}

Result<void> Session::resume(std::string_view saved) {
    return guarded([&]() -> Result<void> { return listener_->resume(saved); });
}

Result<Timeline> Session::finish() {
    return guarded([&]() -> Result<Timeline> {
        auto timeline = timeline_of(listener_->finish(), options_.min_confidence);
        if (const auto status = snapshot_->status(); !status) return forward(status);
        return timeline;
    });
}

Result<Timeline> Session::so_far() const {
    return guarded([&]() -> Result<Timeline> {
        auto timeline = timeline_of(listener_->so_far(), options_.min_confidence);
        if (const auto status = snapshot_->status(); !status) return forward(status);
        return timeline;
    });
}

}  // namespace audio_ident::timeline
