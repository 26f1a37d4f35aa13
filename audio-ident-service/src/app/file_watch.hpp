#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <thread>

#include "ingest/scan/file_status.hpp"

namespace audio_ident::app {

/// Notices when a file that this process has open is replaced or removed. `rebuild-index` and `db reset` do that to an
/// index, and writes to the old file are lost. Thread-safe.
class FileWatch {
  public:
    /// Calls `on_replaced` once, on another thread, soon after another file has taken the name, or after there has been
    /// no file of that name for two seconds.
    FileWatch(std::filesystem::path file, std::function<void()> on_replaced);

    bool replaced() const;

  private:
    void watch(const std::stop_token& stop, const std::function<void()>& on_replaced) const;

    std::filesystem::path file_;
    std::optional<ingest::FileId> opened_;
    std::jthread thread_;
};

}  // namespace audio_ident::app
