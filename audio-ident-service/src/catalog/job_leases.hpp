#pragma once

#include <chrono>

#include "core/deadline.hpp"
#include "core/result.hpp"
#include "core/uuid.hpp"

namespace audio_ident::catalog {

/// The port that tells which of several services works on a job. A lease ends by itself unless its holder renews it, so
/// that the job of a service that died goes on elsewhere; the database's clock decides. Every method can fail with
/// not_available, timeout, and unsupported when the database's schema is too old. Thread-safe.
class JobLeases {
  public:
    /// How long a lease lasts.
    static constexpr std::chrono::seconds kLease{20};
    enum class Held {
        yes,
        cancelled,  ///< yes, but somebody wants the job to end
        no          ///< another service may work on it by now
    };

    virtual ~JobLeases() = default;

    /// Returns false while another service holds the job.
    virtual Result<bool> take(const Uuid& job, const Deadline& deadline) = 0;
    virtual Result<Held> renew(const Uuid& job, const Deadline& deadline) = 0;
    /// Does nothing when another service holds the job.
    virtual Result<void> release(const Uuid& job, const Deadline& deadline) = 0;
    /// Tells the holder that the job should end. Returns false when no service holds it.
    virtual Result<bool> cancel(const Uuid& job, const Deadline& deadline) = 0;
};

}  // namespace audio_ident::catalog
