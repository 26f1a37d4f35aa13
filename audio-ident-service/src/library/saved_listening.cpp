#include "library/saved_listening.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <fstream>
#include <iterator>
#include <spdlog/spdlog.h>

#include "util/atomic_file.hpp"

namespace audio_ident::library {
namespace {

namespace fs = std::filesystem;
using std::chrono::steady_clock;

constexpr std::chrono::seconds kEvery{5};

/// One line; empty when the file cannot be looked at.
std::string identity_of(const fs::path& recording) {
    std::error_code error;
    const auto bytes = fs::file_size(recording, error);
    if (error) return {};
    const auto changed = fs::last_write_time(recording, error);
    if (error) return {};
    return fmt::format("audio-ident timeline of {} bytes, changed {}\n", bytes, changed.time_since_epoch().count());
}

}  // namespace

SavedListening::SavedListening(const audio::Source& recording, const std::optional<fs::path>& file,
                               std::function<void()> on_saved)
    : on_saved_(std::move(on_saved)), next_(steady_clock::now() + kEvery) {
    const auto* path = std::get_if<fs::path>(&recording);
    if (!file || !path) return;
    recording_ = identity_of(*path);
    if (!recording_.empty()) file_ = *file;
}

Result<void> SavedListening::resume(timeline::Session& session) const {
    if (file_.empty()) return {};
    std::ifstream in(file_, std::ios::binary);
    if (!in) return {};
    const std::string saved{std::istreambuf_iterator<char>(in), {}};
    if (!saved.starts_with(recording_)) return {};
    auto resumed = session.resume(std::string_view(saved).substr(recording_.size()));
    if (resumed) return {};
    if (resumed.error().kind != ErrorKind::corrupt && resumed.error().kind != ErrorKind::unsupported)
        return forward(resumed);
    spdlog::warn("{}: {}; beginning again", file_.string(), resumed.error().message);
    return {};
}

void SavedListening::keep(const timeline::Session& session) {
    const auto begin = steady_clock::now();
    if (file_.empty() || begin < next_) return;
    save(session);
    const auto end = steady_clock::now();
    next_ = end + std::max<steady_clock::duration>(kEvery, 50 * (end - begin));
}

void SavedListening::interrupted(const timeline::Session& session) {
    if (!file_.empty()) save(session);
}

void SavedListening::save(const timeline::Session& session) {
    const auto saved = util::replace_file(file_, recording_ + session.save(), util::Durability::program_crash);
    if (saved && on_saved_) on_saved_();
    if (saved) return;
    spdlog::warn("the timeline's progress is not saved: {}", saved.error().message);
    file_.clear();
}

}  // namespace audio_ident::library
