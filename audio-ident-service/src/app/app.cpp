#include "app/app.hpp"

#include "app/backends.hpp"
#include "app/cluster.hpp"
#include "app/formats.hpp"
#include "app/logging.hpp"
#include "app/serve.hpp"
#include "app/signals.hpp"
#include "app/versions.hpp"
#include "audio/decode_worker.hpp"
#include "cli/cli.hpp"

namespace audio_ident::app {

int run(int argc, char** argv) {
    if (argc == 2 && argv[1] == kDecodeWorker) audio::run_worker_maker();
    Signals signals;
    const cli::Program program{
        .version = AUDIO_IDENT_VERSION,
        .components = component_versions(),
        .formats = audio_formats(),
        .stop = signals.stop_token(),
        .open =
            [](const config::Settings& settings) {
                set_up_logging(settings.log);
                return open_library(settings);
            },
        .cluster =
            [](const config::Settings& settings, const Deadline& deadline) {
                set_up_logging(settings.log);
                return look_at_library(settings, deadline);
            },
        .serve =
            [&](const config::Settings& settings, const cli::ServeOptions& options, const cli::Listening& listening) {
                set_up_logging(settings.log);
                return serve(settings, options, listening, signals.stop_token());
            },
    };
    const int code = cli::run(argc, argv, program);
    return signals.exit_code().value_or(code);
}

}  // namespace audio_ident::app
