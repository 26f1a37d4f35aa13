#pragma once

#include "core/deadline.hpp"
#include "core/result.hpp"

namespace audio_ident::catalog {

/// The right to change a library whose catalog several machines share, held until destruction. The server takes it back
/// when the holder dies or its connection breaks. Thread-safe.
class SharedLock {
  public:
    /// `in_line` waits until the deadline, and goes before everybody who is `behind`; who is behind asks once.
    enum class Place { in_line, behind };

    virtual ~SharedLock() = default;

    /// Fails with not_available when the lock is lost, so that another program may have it by now.
    virtual Result<void> check(const Deadline& deadline) = 0;
    /// Whether somebody waits in line for it.
    virtual Result<bool> is_wanted(const Deadline& deadline) = 0;
};

}  // namespace audio_ident::catalog
