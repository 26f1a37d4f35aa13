#include "app/serve.hpp"

#include <spdlog/spdlog.h>

#include "app/service_run.hpp"
#include "app/systemd.hpp"
#include "http/access.hpp"

namespace audio_ident::app {
namespace {

Result<void> check_open_to_others(const config::ServiceSettings& settings, const cli::ServeOptions& options) {
    if (http::is_loopback(settings.host) || !settings.admin_api_key.empty() ||
        options.anonymous_writes == cli::AnonymousWrites::allow) {
        return {};
    }
    return fail(ErrorKind::invalid_input,
                "SERVICE_HOST={} lets other machines change the library; set ADMIN_API_KEY (or ADMIN_API_KEY_FILE), or "
                "start with --allow-anonymous-writes",
                settings.host);
}

/// Serves until a stop, or until another program replaces a store that it has open. Returns the port.
Result<std::uint16_t> serve_once(const config::Settings& settings, std::uint16_t port, const cli::Listening& listening,
                                 const std::stop_token& stop) {
    ServiceRun run(settings, stop);
    if (auto opened = run.open(); !opened) return forward(opened);
    run.watch();
    if (auto wired = run.wire(); !wired) return forward(wired);
    return run.listen(port, listening);
}

}  // namespace

Result<void> serve(const config::Settings& settings, const cli::ServeOptions& options, const cli::Listening& listening,
                   const std::stop_token& stop) {
    if (auto safe = check_open_to_others(settings.service, options); !safe) return safe;
    auto port = serve_once(settings, settings.service.port, listening, stop);
    while (port && !stop.stop_requested())
        port = serve_once(
            settings, *port, [](const std::string&) {}, stop);
    if (!port) return forward(port);
    notify_systemd("STOPPING=1");
    spdlog::info("stopped");
    return {};
}

}  // namespace audio_ident::app
