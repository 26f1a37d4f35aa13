#pragma once

#include <memory>

#include "audio/decoder.hpp"
#include "audio/worker_pool.hpp"

namespace audio_ident::audio {

/// A decoder that runs the FFmpeg libraries in sandboxed worker processes. This process opens the file and passes on
/// the descriptor. Fails with unsupported when a file crashes its worker and with timeout when a file hangs it. The
/// next file gets a new worker.
std::unique_ptr<Decoder> make_sandboxed_decoder(WorkerPoolSettings settings, TagSettings tags = {});

}  // namespace audio_ident::audio
