#pragma once

#include <memory>
#include <string>

#include "audio/decoder.hpp"
#include "audio/worker_pool.hpp"

namespace audio_ident::audio {

/// Decoder::decode_stream() in a sandboxed worker of its own, which ends with the stream. `pool` outlives the result.
Result<std::unique_ptr<StreamDecoding>> decode_stream_in_worker(WorkerPool& pool, const std::string& name,
                                                                const DecodeOptions& options);
/// The same in a thread of this process.
Result<std::unique_ptr<StreamDecoding>> decode_stream_in_thread(const std::string& name, const DecodeOptions& options);

}  // namespace audio_ident::audio
