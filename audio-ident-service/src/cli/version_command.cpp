#include <boost/json/object.hpp>

#include "cli/command.hpp"
#include "cli/output.hpp"
#include "util/json.hpp"

namespace audio_ident::cli {

void add_version_command(Command& root) {
    auto& command = root.add_command("version", "Show the versions of this program and of the libraries that it uses");
    command.run = [](Invocation& invocation) {
        const Program& program = invocation.program();
        if (invocation.json()) {
            boost::json::object components;
            for (const auto& [name, version] : program.components) components[name] = version;
            print_line(util::json_text(boost::json::object{{"version", program.version}, {"components", components}}));
            return ExitCode::fine;
        }
        print_line("audio-ident " + program.version);
        for (const auto& [name, version] : program.components) print_line(fmt::format("  {} {}", name, version));
        return ExitCode::fine;
    };
}

}  // namespace audio_ident::cli
