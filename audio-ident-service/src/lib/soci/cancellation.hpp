#pragma once

#include <libpq-fe.h>
#include <memory>

namespace audio_ident::lib {

/// Asks the server to end the statement that this connection runs, if it runs one. libpq waits for the server
/// meanwhile, so one more thread in the process does it, for all connections in turn: the caller never waits, not for a
/// server that hangs either. Thread-safe.
void cancel_soon(std::shared_ptr<PGcancel> cancel);

}  // namespace audio_ident::lib
