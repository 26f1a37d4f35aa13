#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include "audio/decoder.hpp"
#include "core/result.hpp"
#include "timeline/session.hpp"

namespace audio_ident::library {

/// The file in which a timeline keeps what it has heard of a recording. Without a file name, or for
/// a recording that is no file, it does nothing.
class SavedListening {
  public:
    /// `on_saved` may be empty, and is called each time the file has changed.
    SavedListening(const audio::Source& recording, const std::optional<std::filesystem::path>& file,
                   std::function<void()> on_saved = {});

    /// Gives the session what an earlier run has saved. When there is nothing, when it belongs to another recording or
    /// when it is damaged, the session begins at the beginning. Fails with the errors of the index.
    Result<void> resume(timeline::Session& session) const;
    /// Saves from time to time. When the file cannot be written, it says so in the log, and saves nothing more: the
    /// timeline itself can still be made.
    void keep(const timeline::Session& session);
    /// Saves at once, because the run is interrupted.
    void interrupted(const timeline::Session& session);

  private:
    void save(const timeline::Session& session);

    std::filesystem::path file_;  ///< empty: none
    std::function<void()> on_saved_;
    std::string recording_;  ///< what tells it from another, or from the same file after a change
    std::chrono::steady_clock::time_point next_;
};

}  // namespace audio_ident::library
