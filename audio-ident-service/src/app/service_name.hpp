#pragma once

#include <filesystem>
#include <optional>

#include "core/uuid.hpp"
#include "util/file_lock.hpp"

namespace audio_ident::app {

/// Tells a service from others on the same catalog, which gives jobs and stations to one of them. The name is in the
/// data folder, so that a service has it again after a restart. Of several services that use one folder at a time the
/// first has it, and each other one has a name of its own until it ends.
class ServiceName {
  public:
    /// The name of the folder is taken until destruction. When it cannot be locked or written down, this is a new one.
    static ServiceName take(const std::filesystem::path& data_dir);

    const Uuid& id() const { return id_; }

  private:
    explicit ServiceName(Uuid id) : id_(id) {}

    Uuid id_;
    std::optional<util::FileLock> lock_;  ///< absent: this is not the name of the folder
};

}  // namespace audio_ident::app
