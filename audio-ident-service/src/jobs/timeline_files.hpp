#pragma once

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

#include "core/result.hpp"
#include "core/uuid.hpp"
#include "storage/audio_store.hpp"

namespace audio_ident::jobs {

/// The files of timelines, a folder each: FOLDER/<id>/ has the uploaded recording, what was heard of it so far, and its
/// waveform. The service that has the folder of a timeline runs its job; when they are at a server too, any service.
///
/// While a timeline has no row in the catalog, not yet or not any more, FOLDER/<id>.unlisted is there, so that a crash
/// between the two leaves nothing behind. A folder without that mark is never removed by itself: the catalog may be
/// another one today. Thread-safe, for different ids.
class TimelineFiles {
  public:
    /// `server`: a store that services share, whose folder "timelines" is `folder`; null: there is the folder alone.
    explicit TimelineFiles(std::filesystem::path folder, storage::AudioStore* server = nullptr)
        : folder_(std::move(folder)), server_(server) {}

    /// Makes the folder of a new timeline, unlisted. Fails with not_available.
    Result<void> make(const Uuid& id) const;
    /// Moves an uploaded recording into the folder. Returns its path. `name`: one piece of a path. Fails with
    /// not_available, and with timeout when the server is slow.
    Result<std::filesystem::path> take_in(const Uuid& id, const std::filesystem::path& upload, const std::string& name,
                                          const Deadline& deadline = {}) const;
    /// Says whether the timeline has a row. Fails with not_available.
    Result<void> set_listed(const Uuid& id, bool listed) const;
    /// When the server does not answer, the next start of this service removes the rest.
    void remove(const Uuid& id) const;

    /// Whether this service can work on the timeline.
    bool exist(const Uuid& id) const;
    /// Timelines that have been marked as unlisted for so long.
    std::vector<Uuid> unlisted(std::chrono::seconds at_least) const;

    std::filesystem::path heard(const Uuid& id) const { return of(id) / "heard"; }
    std::filesystem::path peaks(const Uuid& id) const { return of(id) / "peaks"; }

    // With a server; without one there is nothing to do. All fail as AudioStore does.

    /// The path where a file of a timeline can be read: the recording that the row names, heard() or peaks().
    Result<std::filesystem::path> open(const std::filesystem::path& file, const Deadline& deadline) const;
    /// Whether open() may find it.
    bool may_have(const std::filesystem::path& file) const;
    /// Brings heard() here as another service has left it.
    Result<void> fetch_heard(const Uuid& id, const Deadline& deadline) const;
    Result<void> forget_heard(const Uuid& id, const Deadline& deadline) const;
    /// heard() or peaks() has changed.
    Result<void> send(const std::filesystem::path& file, const Deadline& deadline) const;

  private:
    std::filesystem::path of(const Uuid& id) const { return folder_ / id.to_string(); }
    std::filesystem::path mark(const Uuid& id) const { return folder_ / (id.to_string() + ".unlisted"); }

    std::filesystem::path folder_;
    storage::AudioStore* server_;
};

}  // namespace audio_ident::jobs
