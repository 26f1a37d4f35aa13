#pragma once

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

#include "core/result.hpp"
#include "core/uuid.hpp"

namespace audio_ident::jobs {

/// The files of timelines, a folder each: FOLDER/<id>/ has the uploaded recording, what was heard of it so far, and its
/// waveform. The service that has the folder of a timeline runs its job.
///
/// While a timeline has no row in the catalog, not yet or not any more, FOLDER/<id>.unlisted is there, so that a crash
/// between the two leaves nothing behind. A folder without that mark is never removed by itself: the catalog may be
/// another one today. Thread-safe, for different ids.
class TimelineFiles {
  public:
    explicit TimelineFiles(std::filesystem::path folder) : folder_(std::move(folder)) {}

    /// Makes the folder of a new timeline, unlisted. Fails with not_available.
    Result<void> make(const Uuid& id) const;
    /// Moves an uploaded recording into the folder. Returns its path. `name`: one piece of a path. Fails with
    /// not_available.
    Result<std::filesystem::path> take_in(const Uuid& id, const std::filesystem::path& upload,
                                          const std::string& name) const;
    /// Says whether the timeline has a row. Fails with not_available.
    Result<void> set_listed(const Uuid& id, bool listed) const;
    void remove(const Uuid& id) const;

    bool exist(const Uuid& id) const;
    /// Timelines that have been marked as unlisted for so long.
    std::vector<Uuid> unlisted(std::chrono::seconds at_least) const;

    std::filesystem::path heard(const Uuid& id) const { return of(id) / "heard"; }
    std::filesystem::path peaks(const Uuid& id) const { return of(id) / "peaks"; }

  private:
    std::filesystem::path of(const Uuid& id) const { return folder_ / id.to_string(); }
    std::filesystem::path mark(const Uuid& id) const { return folder_ / (id.to_string() + ".unlisted"); }

    std::filesystem::path folder_;
};

}  // namespace audio_ident::jobs
