#include "cli/command.hpp"
#include "cli/ingest_report.hpp"
#include "cli/output.hpp"
#include "cli/pass_report.hpp"

namespace audio_ident::cli {
namespace {

struct ReembedArguments {
    bool all = false;
    int wait_seconds = 0;
};

ExitCode reembed(Invocation& invocation, const ReembedArguments& arguments) {
    ProgressPrinter progress;
    const auto report =
        invocation.library().reembed(arguments.all ? ingest::PassScope::all : ingest::PassScope::missing,
                                     invocation.turn("audio-ident reembed", arguments.wait_seconds), progress);
    progress.clear();
    if (!report) return fail_with(report.error());
    return print_pass(*report, invocation.json(), {.done = "embedded", .again = "audio-ident reembed"});
}

}  // namespace

void add_reembed_command(Command& root) {
    auto& command = root.add_command("reembed", "Add the tracks that are not in the vibe lane yet");
    auto arguments = std::make_shared<ReembedArguments>();
    command.add({.names = "--all",
                 .into = &arguments->all,
                 .help = "Embed every track again, even if it has vectors of this model"});
    add_wait_option(command, arguments->wait_seconds);
    command.footer =
        "Use it for tracks that were ingested with --no-embed or whose vectors could not be stored, and after a change "
        "of\n"
        "EMBEDDING_MODEL, because vectors of different models cannot be compared. Searches use the former model until\n"
        "this has finished. It is safe to interrupt: the next run continues.";
    command.run = [arguments](Invocation& invocation) { return reembed(invocation, *arguments); };
}

}  // namespace audio_ident::cli
