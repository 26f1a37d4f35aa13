#include "cli/command.hpp"
#include "cli/output.hpp"
#include "util/json.hpp"

namespace audio_ident::cli {

void add_serve_command(Command& root) {
    auto& command = root.add_command("serve", "Serve the web page and the API over HTTP, until Ctrl-C");
    auto anonymous_writes = std::make_shared<bool>(false);
    command.add({.names = "--allow-anonymous-writes",
                 .into = anonymous_writes.get(),
                 .help = "Let other machines change the library without ADMIN_API_KEY"});
    command.footer =
        "It only listens on this machine, unless --host says otherwise. Everyone who can reach it may search and list\n"
        "tracks. Changes of the library need ADMIN_API_KEY, if one is set. On Ctrl-C it finishes the running requests\n"
        "and stops.\n\n"
        "Examples:\n"
        "  audio-ident serve                               http://localhost:17010, its API at /docs\n"
        "  curl -F audio=@clip.webm -F mode=exact localhost:17010/api/v1/search\n"
        "  ADMIN_API_KEY_FILE=key audio-ident serve --host 0.0.0.0";
    command.run = [anonymous_writes](Invocation& invocation) {
        const ServeOptions options{*anonymous_writes ? AnonymousWrites::allow : AnonymousWrites::refuse};
        const auto served = invocation.program().serve(invocation.settings(), options, [&](const std::string& url) {
            print_line(invocation.json() ? util::json_text(boost::json::object{{"url", url}}) : "listening on " + url);
            std::fflush(stdout);
        });
        return served ? ExitCode::fine : fail_with(served.error());
    };
}

}  // namespace audio_ident::cli
