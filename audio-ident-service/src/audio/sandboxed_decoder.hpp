#pragma once

#include <memory>

#include "audio/decoder.hpp"
#include "audio/worker_pool.hpp"

namespace audio_ident::audio {

/// The decoder over the FFmpeg libraries in processes that can do nothing else. The file is opened here, and handed over
/// open. A file that crashes its process is unsupported, one that hangs it is a timeout; the next file has a new process.
std::unique_ptr<Decoder> make_sandboxed_decoder(WorkerPoolSettings settings);

}  // namespace audio_ident::audio
