#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "catalog/monitor_store.hpp"

namespace audio_ident::catalog {

/// A final play that the webhook has not taken yet.
struct Delivery {
    PlayRow play;
    std::string monitor;     ///< its name
    Timestamp created_at{};  ///< when the play became final
};

/// The port for the plays that wait for the webhook, in the order in which they became final; of those that became so
/// together, in the order of their beginnings. MonitorStore::store() adds them, in the transaction that makes the play
/// final; a play that is removed waits no more. It shares the database and the failures of its catalog. Thread-safe.
class DeliveryStore {
  public:
    virtual ~DeliveryStore() = default;

    virtual Result<std::int64_t> waiting(const Deadline& deadline) = 0;
    /// The first one, for this sender alone until `until`, so that of several services one delivers. nullopt when none
    /// waits, and when another sender has it at `now`.
    virtual Result<std::optional<Delivery>> claim(const std::string& sender, Timestamp now, Timestamp until,
                                                  const Deadline& deadline) = 0;
    /// The webhook took this play. Returns false when it does not wait.
    virtual Result<bool> finish(const Uuid& play, const Deadline& deadline) = 0;
    /// Gives up those that are older. Returns how many.
    virtual Result<std::int64_t> drop(Timestamp before, const Deadline& deadline) = 0;
};

}  // namespace audio_ident::catalog
