#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "core/deadline.hpp"
#include "core/executor.hpp"
#include "core/result.hpp"
#include "index/fingerprint/reader.hpp"
#include "search/confidence.hpp"
#include "timeline/listener.hpp"
#include "timeline/sound_log.hpp"
#include "timeline/timeline.hpp"

namespace audio_ident::timeline {

struct Options {
    double min_confidence = search::kDefaultMinConfidence;
    Deadline deadline = {};
    bool keeps_sound = false;  ///< for sound()
};

/// Makes the timeline of one recording while it is being decoded, against the index as it is when this opens. Memory
/// stays bounded whatever the length (Listener). For one thread.
class Session {
  public:
    /// The reader, and the executor that searches run on, must outlive it. Fails as FingerprintIndexReader::snapshot()
    /// does.
    static Result<Session> open(index::FingerprintIndexReader& reader, Executor& executor, const Options& options);

    /// Takes mono samples at fingerprint::kSampleRateHz. Fails with timeout (deadline or stop), and the errors of the
    /// index.
    Result<void> consume(std::span<const float> samples);
    /// The timeline of all that was consumed, of any length. Fails as consume().
    Result<Timeline> finish();
    /// The timeline of what was heard so far; its last entry may still change. One decision over all of it, which takes
    /// some milliseconds for each hour: ask only every few seconds. Fails as consume().
    Result<Timeline> so_far() const;

    /// The sound of all that was consumed, for Unknowns; empty unless the options asked for it. Call once.
    PeakBuckets sound() { return log_ ? log_->finish() : PeakBuckets(); }

    /// As Listener::save() and Listener::resume().
    std::string save() const { return listener_->save(); }
    Result<void> resume(std::string_view saved);
    double resumed_seconds() const { return listener_->resumed_seconds(); }

  private:
    Session(std::unique_ptr<index::FingerprintSnapshot> snapshot, Executor& executor, const Options& options);

    Options options_;
    std::unique_ptr<index::FingerprintSnapshot> snapshot_;
    std::unique_ptr<Listener> listener_;
    std::unique_ptr<SoundLog> log_;  ///< null: not asked for
};

}  // namespace audio_ident::timeline
