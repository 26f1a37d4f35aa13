#pragma once

#include <functional>

#include "audio/decoder.hpp"
#include "audio/input.hpp"

namespace audio_ident::audio {

/// What a worker does with a file; decode_input() unless a test wants something else.
using DecodeWork = std::function<Result<DecodeSummary>(Input input, const DecodeOptions& options, const PcmSink& sink)>;

/// The whole program of a process that makes workers and buries them, until its user at the descriptor kWorkerSocket is
/// gone. It must have one thread, and should be a fresh process: what it has in its memory its workers have too.
///
/// A worker decodes one file after another. Before it sees the first one it has given up everything but computing
/// (seccomp::enter_sandbox()), some memory and some time of the processor, so that a file that takes it over gains nothing.
[[noreturn]] void run_worker_maker(const DecodeWork& work = {});

}  // namespace audio_ident::audio
