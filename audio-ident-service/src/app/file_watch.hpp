#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <thread>

#include "ingest/file_status.hpp"

namespace audio_ident::app {

/// Notices that a file, which this process has open, was thrown away: `rebuild-index` and `db reset` do so with an index,
/// and what is written to the old one is lost. Thread-safe.
class FileWatch {
  public:
    /// `on_replaced` is called once, on another thread, some moments after another file has the name, or none has it for
    /// two seconds.
    FileWatch(std::filesystem::path file, std::function<void()> on_replaced);

    bool replaced() const;

  private:
    void watch(const std::stop_token& stop, const std::function<void()>& on_replaced) const;

    std::filesystem::path file_;
    std::optional<ingest::FileId> opened_;
    std::jthread thread_;
};

}  // namespace audio_ident::app
