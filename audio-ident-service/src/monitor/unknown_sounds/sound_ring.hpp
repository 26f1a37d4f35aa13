#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <mutex>
#include <optional>
#include <span>
#include <vector>

#include "core/result.hpp"
#include "monitor/plays/station_clock.hpp"
#include "util/descriptor.hpp"

namespace audio_ident::monitor {

/// The last minutes that a station played: 16-bit mono samples at fingerprint::kSampleRateHz in a file of fixed size,
/// 38 MB. The file has no name, so the system removes it with this object, however the program ends. While it cannot be
/// written, nothing is kept; that is logged once. Thread-safe.
class SoundRing {
  public:
    static constexpr std::chrono::minutes kLasts{20};

    /// Makes the folder, and the file in it, when the first sample comes.
    explicit SoundRing(std::filesystem::path folder, std::chrono::seconds lasts = kLasts);

    enum class Run { goes_on, begins };
    /// Adds samples, of which the first was played then. A run is sound without a break; when its clock turns out to
    /// have been wrong, what came before in the run moves with it.
    void write(std::span<const float> samples, Timestamp at, Run run);
    /// What was played then. nullopt when not all of it is there, or it was not heard without a break.
    std::optional<std::vector<float>> read(Timestamp begin, Timestamp end) const;

  private:
    /// A sample of which the time is known.
    struct Mark {
        std::int64_t sample = 0;
        Timestamp at{};
        bool begins_run = false;
    };

    void mark(Timestamp at, Run run);
    Result<void> open();
    Result<void> put(std::span<const float> samples);
    void give_up(const Error& error);
    std::optional<std::int64_t> find(Timestamp begin, std::int64_t samples) const;

    std::filesystem::path folder_;
    std::int64_t capacity_;  ///< samples
    mutable std::mutex mutex_;
    util::Descriptor descriptor_;
    std::int64_t written_ = 0;  ///< samples so far
    std::deque<Mark> marks_;
    bool told_ = false;  ///< that it cannot be written
};

}  // namespace audio_ident::monitor
