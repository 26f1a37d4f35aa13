#include "jobs/timeline_files.hpp"

#include <system_error>

#include "util/atomic_file.hpp"
#include "util/durable_folder.hpp"

namespace audio_ident::jobs {

namespace fs = std::filesystem;

Result<void> TimelineFiles::make(const Uuid& id) const {
    if (auto made = util::make_durable_folder(folder_); !made) return made;
    if (auto marked = set_listed(id, false); !marked) return marked;
    return util::make_durable_folder(of(id));
}

Result<fs::path> TimelineFiles::take_in(const Uuid& id, const fs::path& upload, const std::string& name) const {
    // A folder of its own: the upload may be called "heard".
    const auto recording = of(id) / "recording" / name;
    if (auto made = util::make_durable_folder(recording.parent_path()); !made) return forward(made);
    auto moved = util::move_into_place(upload, recording, util::Durability::power_cut);
    if (!moved) return forward(moved);
    return recording;
}

Result<void> TimelineFiles::set_listed(const Uuid& id, bool listed) const {
    // After a power cut, nobody would find a folder that has neither a row nor a mark.
    return listed ? util::remove_durably(mark(id)) : util::replace_file(mark(id), "", util::Durability::power_cut);
}

void TimelineFiles::remove(const Uuid& id) const {
    std::error_code error;
    fs::remove_all(of(id), error);
    if (!error) fs::remove(mark(id), error);
}

bool TimelineFiles::exist(const Uuid& id) const {
    std::error_code ignored;
    return fs::is_directory(of(id), ignored);
}

std::vector<Uuid> TimelineFiles::unlisted(std::chrono::seconds at_least) const {
    std::vector<Uuid> ids;
    std::error_code error;
    fs::directory_iterator entry(folder_, error);
    for (; !error && entry != fs::directory_iterator(); entry.increment(error)) {
        if (entry->path().extension() != ".unlisted") continue;
        std::error_code gone;
        if (fs::file_time_type::clock::now() - entry->last_write_time(gone) < at_least || gone) continue;
        if (const auto id = Uuid::parse(entry->path().stem().string())) ids.push_back(*id);
    }
    return ids;
}

}  // namespace audio_ident::jobs
