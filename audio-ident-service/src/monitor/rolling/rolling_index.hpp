#pragma once

#include <chrono>
#include <condition_variable>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "index/fingerprint/reader.hpp"
#include "index/fingerprint/writer.hpp"
#include "monitor/rolling/heard_piece.hpp"

namespace audio_ident::monitor {

/// The sound of all stations in the last hours, searchable: a fingerprint index whose tracks are chunks of 70 s
/// (monitor/rolling/chunk.hpp). One thread of its own writes, so that nobody who listens waits for a disk. Thread-safe.
class RollingIndex {
  public:
    struct Stores {
        index::FingerprintIndexReader& reader;
        index::FingerprintIndexWriter& writer;
    };
    struct Settings {
        std::chrono::hours keep{24};                               ///< what is older is removed
        std::chrono::milliseconds pause{std::chrono::seconds(5)};  ///< between writes
        /// Chunks, 20 kB each, while they cannot be written: two hours of sixteen stations. Then the oldest go.
        std::size_t most_waiting = 4096;
    };

    /// The stores outlive it.
    RollingIndex(Stores stores, const Settings& settings);
    /// Writes what was put.
    ~RollingIndex();
    RollingIndex(const RollingIndex&) = delete;
    RollingIndex& operator=(const RollingIndex&) = delete;

    /// Adds a chunk, or replaces the one that begins at the same time. It can be found some seconds later.
    void put(const Uuid& monitor, Timestamp begin, fingerprint::Fingerprint chunk);
    /// Chunks of any other monitor are removed.
    void keep_only(std::vector<Uuid> monitors);

    /// What a monitor has heard since then, as far as it is kept, with all that was put; oldest first. Fails as the
    /// index.
    Result<std::vector<HeardPiece>> sound_of(const Uuid& monitor, Timestamp since, const Deadline& deadline);

  private:
    void run(const std::stop_token& stop);
    void write();
    void forget_oldest();
    void sweep(const std::stop_token& stop);

    Stores stores_;
    Settings settings_;
    std::mutex writing_;  ///< locked first
    std::mutex mutex_;
    std::condition_variable_any never_;
    std::map<TrackId, fingerprint::Fingerprint> waiting_;
    std::optional<std::vector<Uuid>> monitors_;
    std::string told_;  ///< the failure that was logged last
    std::jthread thread_;
};

}  // namespace audio_ident::monitor
