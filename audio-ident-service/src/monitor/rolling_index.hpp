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
#include "monitor/chunk.hpp"
#include "timeline/peak_buckets.hpp"

namespace audio_ident::monitor {

/// The sound of all stations in the last hours, searchable: a fingerprint index whose tracks are chunks of 70 s
/// (monitor/chunk.hpp). One thread of its own writes, so that nobody who listens waits for a disk. Thread-safe.
class RollingIndex {
  public:
    struct Stores {
        index::FingerprintIndexReader& reader;
        index::FingerprintIndexWriter& writer;
    };

    /// The stores outlive it. What is older than `keep` is removed. It writes every `pause`.
    RollingIndex(Stores stores, std::chrono::hours keep, std::chrono::milliseconds pause = std::chrono::seconds(5));
    /// Writes what was put.
    ~RollingIndex();
    RollingIndex(const RollingIndex&) = delete;
    RollingIndex& operator=(const RollingIndex&) = delete;

    /// Adds a chunk, or replaces the one that begins at the same time. It can be found some seconds later.
    void put(const Uuid& monitor, Timestamp begin, fingerprint::Fingerprint chunk);
    /// Chunks of any other monitor are removed.
    void keep_only(std::vector<Uuid> monitors);

    /// Sound without a break.
    struct Piece {
        Timestamp begin{};
        timeline::PeakBuckets sound;
    };
    /// What a monitor has heard since then, as far as it is kept, with all that was put; oldest first. Fails as the
    /// index.
    Result<std::vector<Piece>> sound_of(const Uuid& monitor, Timestamp since, const Deadline& deadline);

  private:
    void run(const std::stop_token& stop);
    void write();
    void sweep(const std::stop_token& stop);

    Stores stores_;
    std::chrono::hours keep_;
    std::chrono::milliseconds pause_;
    std::mutex writing_;  ///< locked first
    std::mutex mutex_;
    std::condition_variable_any never_;
    std::map<TrackId, fingerprint::Fingerprint> waiting_;
    std::optional<std::vector<Uuid>> monitors_;
    std::string told_;  ///< the failure that was logged last
    std::jthread thread_;
};

}  // namespace audio_ident::monitor
