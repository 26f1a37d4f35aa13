#include "jobs/timeline_files.hpp"

#include <spdlog/spdlog.h>
#include <system_error>

#include "storage/stored_name.hpp"
#include "util/atomic_file.hpp"
#include "util/durable_folder.hpp"

namespace audio_ident::jobs {

namespace fs = std::filesystem;

namespace {

constexpr std::chrono::seconds kServerWait{30};

}  // namespace

Result<void> TimelineFiles::make(const Uuid& id) const {
    if (auto marked = set_listed(id, false); !marked) return marked;
    return util::make_durable_folder(of(id));
}

Result<fs::path> TimelineFiles::take_in(const Uuid& id, const fs::path& upload, const std::string& name,
                                        const Deadline& deadline) const {
    // A folder of its own: the upload may be called "heard".
    const auto recording = of(id) / "recording" / name;
    if (server_) return server_->keep(upload, *storage::stored_name(recording), deadline);
    if (auto made = util::make_durable_folder(recording.parent_path()); !made) return forward(made);
    auto moved = util::move_into_place(upload, recording, util::Durability::power_cut);
    if (!moved) return forward(moved);
    return recording;
}

Result<void> TimelineFiles::set_listed(const Uuid& id, bool listed) const {
    if (auto made = util::make_durable_folder(folder_); !made) return made;
    // After a power cut, nobody would find a folder that has neither a row nor a mark.
    return listed ? util::remove_durably(mark(id)) : util::replace_file(mark(id), "", util::Durability::power_cut);
}

void TimelineFiles::remove(const Uuid& id) const {
    std::error_code error;
    if (server_) {
        const auto removed = server_->remove_folder("timelines/" + id.to_string(), Deadline::after(kServerWait));
        if (!removed) {
            spdlog::warn("the files of the timeline {} stay for now: {}", id.to_string(), removed.error().message);
            return;
        }
    }
    fs::remove_all(of(id), error);
    if (!error) fs::remove(mark(id), error);
}

bool TimelineFiles::exist(const Uuid& id) const {
    std::error_code ignored;
    return server_ || fs::is_directory(of(id), ignored);
}

Result<fs::path> TimelineFiles::open(const fs::path& file, const Deadline& deadline) const {
    return server_ ? server_->open(file, deadline) : file;
}

bool TimelineFiles::may_have(const fs::path& file) const {
    std::error_code ignored;
    return server_ ? server_->may_have(file) : fs::is_regular_file(file, ignored);
}

Result<void> TimelineFiles::fetch_heard(const Uuid& id, const Deadline& deadline) const {
    if (!server_) return {};
    const auto newest = server_->open_newest(heard(id), deadline);
    if (newest || newest.error().reason == Reason::file_not_found) return {};
    return forward(newest);
}

Result<void> TimelineFiles::forget_heard(const Uuid& id, const Deadline& deadline) const {
    if (server_) return server_->remove(heard(id), deadline);
    std::error_code ignored;
    fs::remove(heard(id), ignored);
    return {};
}

Result<void> TimelineFiles::send(const fs::path& file, const Deadline& deadline) const {
    if (!server_) return {};
    return server_->send(file, *storage::stored_name(file), deadline);
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
