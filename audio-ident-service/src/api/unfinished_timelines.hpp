#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "audio/waveform.hpp"
#include "core/uuid.hpp"

namespace audio_ident::api {

/// What is decided so far of the timelines that are being made. Thread-safe; no call waits for a store.
class UnfinishedTimelines {
  public:
    struct SoFar {
        std::shared_ptr<const std::string> timeline;  ///< a wire::Timeline as JSON; shared with those who send it
        std::shared_ptr<const audio::WaveformPeaks> peaks;
        double seconds = 0;  ///< of the recording that the peaks show
        std::uint64_t version = 0;
    };

    void put(const Uuid& id, SoFar so_far) {
        const std::lock_guard lock(mutex_);
        so_far.version = ++versions_;
        all_[id] = std::move(so_far);
    }
    void remove(const Uuid& id) {
        const std::lock_guard lock(mutex_);
        all_.erase(id);
    }
    std::optional<SoFar> find(const Uuid& id) const {
        const std::lock_guard lock(mutex_);
        const auto found = all_.find(id);
        return found == all_.end() ? std::nullopt : std::optional(found->second);
    }

  private:
    mutable std::mutex mutex_;
    std::map<Uuid, SoFar> all_;
    std::uint64_t versions_ = 0;
};

}  // namespace audio_ident::api
