#pragma once

#include <functional>

#include "audio/decoder.hpp"
#include "audio/input.hpp"

namespace audio_ident::audio {

/// What a worker does with a file. Tests can replace decode_input().
using DecodeWork = std::function<Result<DecodeSummary>(Input input, const DecodeOptions& options, const PcmSink& sink)>;

/// The main function of the process that forks decode workers and ends them. It runs until the user closes the other
/// end of the socket kWorkerSocket. The process must have one thread and should be freshly started, because its workers
/// inherit its memory.
///
/// A worker decodes one file after another. Before the first file it gives up everything but computing
/// (seccomp::enter_sandbox()), and its memory and processor time are limited. A file that takes over the worker
/// therefore gains nothing.
[[noreturn]] void run_worker_maker(const DecodeWork& work = {});

}  // namespace audio_ident::audio
