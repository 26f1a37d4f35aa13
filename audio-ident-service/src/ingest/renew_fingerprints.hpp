#pragma once

#include <functional>
#include <stop_token>

#include "ingest/commit/change_lock.hpp"
#include "ingest/commit/stores.hpp"
#include "ingest/examine/analyzer.hpp"
#include "ingest/pass.hpp"

namespace audio_ident::ingest {

struct RenewParts {
    Stores stores;
    MakeAnalyzer make_analyzer;
    /// Waits for the library's lock. It is held for one batch at a time, never while a file is read, so that nobody
    /// waits for long.
    std::function<Result<ChangeLock>()> lock;
};

/// Replaces fingerprints of an earlier version, after an upgrade, while others search and change the library. Stores a
/// batch in one transaction, so that tracks stay searchable. A stop at any time loses only the batch; the next call
/// goes on from there. Leaves tracks alone that were removed or changed meanwhile. `request.scope` does not matter.
PassReport renew_fingerprints(const RenewParts& parts, const PassRequest& request, IngestObserver& observer,
                              const std::stop_token& stop);

}  // namespace audio_ident::ingest
