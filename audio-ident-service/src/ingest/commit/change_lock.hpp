#pragma once

#include <memory>
#include <utility>

#include "catalog/shared_lock.hpp"
#include "core/deadline.hpp"
#include "core/result.hpp"
#include "util/file_lock.hpp"

namespace audio_ident::ingest {

/// The right to change a library, held until destruction: the lock of the data folder, and that of the catalog's server
/// when other machines may share it.
class ChangeLock {
  public:
    /// `shared`: null when the library is in the data folder alone.
    explicit ChangeLock(util::FileLock folder, std::unique_ptr<catalog::SharedLock> shared = nullptr)
        : folder_(std::move(folder)), shared_(std::move(shared)) {}

    /// To be called before each batch of changes. Fails with not_available when the lock is lost.
    Result<void> check(const Deadline& deadline) const { return shared_ ? shared_->check(deadline) : Result<void>(); }
    catalog::SharedLock* shared() const { return shared_.get(); }

  private:
    util::FileLock folder_;
    std::unique_ptr<catalog::SharedLock> shared_;
};

}  // namespace audio_ident::ingest
