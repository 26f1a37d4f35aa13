#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "core/executor.hpp"
#include "index/fingerprint/reader.hpp"
#include "monitor/plays/ledger.hpp"
#include "timeline/session.hpp"

namespace audio_ident::monitor {

/// Listens to a stream without end, with sessions of the timeline (timeline/session.hpp) that follow each other. A
/// session remembers all that it heard, so each lasts 20 minutes at most, and the next one begins with the last half
/// minute of the one before: memory stays bounded, and new tracks of the library are found. For one thread.
class Hearing {
  public:
    struct Parts {
        index::FingerprintIndexReader& index;
        Executor& executor;
        double min_confidence = 0.5;
        /// A number that changes when the library has changed.
        std::function<std::int64_t()> library_version;
    };
    /// What the session has heard.
    struct Heard {
        std::vector<timeline::Entry> entries;  ///< times count from the stream's first sample
        std::int64_t samples = 0;              ///< of the stream, until which something is known
        bool is_new = false;  ///< another session than that of the last answer, which begins with what it had heard
    };

    /// The parts outlive it.
    explicit Hearing(Parts parts) : parts_(std::move(parts)) {}

    /// Takes mono samples at fingerprint::kSampleRateHz. Returns what is heard, about every five seconds of sound.
    /// Fails with the errors of the index; the session is lost then, and the next call begins another.
    Result<std::optional<Heard>> consume(std::span<const float> samples);
    /// What is heard at the end of the stream; the next call of consume() begins another stream.
    Result<std::optional<Heard>> finish();

    std::int64_t samples() const { return samples_; }

  private:
    Result<void> begin(std::span<const float> earlier);
    Result<void> change_session(const timeline::Timeline& timeline);
    bool is_steady(const timeline::Timeline& timeline) const;
    Heard heard_of(timeline::Timeline timeline);

    Parts parts_;
    std::optional<timeline::Session> session_;
    std::int64_t session_begin_ = 0;  ///< sample
    std::int64_t samples_ = 0;        ///< of the stream so far
    std::int64_t answered_ = 0;       ///< sample
    std::int64_t version_ = 0;        ///< of the library, that the session knows
    bool is_new_ = true;              ///< the session has not answered yet
    std::vector<float> tail_;         ///< the last samples
};

}  // namespace audio_ident::monitor
