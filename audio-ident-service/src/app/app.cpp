#include "app/app.hpp"

#include "app/application.hpp"
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
        .open = [&](const config::Settings& settings) { return std::make_unique<Application>(settings, signals); },
    };
    const int code = cli::run(argc, argv, program);
    return signals.exit_code().value_or(code);
}

}  // namespace audio_ident::app
