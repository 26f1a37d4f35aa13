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

void add_reembed_command(CLI::App& root, Run& chosen) {
    auto* command = root.add_subcommand("reembed", "Add tracks to the vibe lane that are not in it yet");
    auto arguments = std::make_shared<ReembedArguments>();
    command->add_flag("--all", arguments->all,
                      "Describe every track again, also those that have vectors of this model");
    add_wait_option(*command, arguments->wait_seconds);
    command->footer(
        "Use it for tracks that were ingested with --no-embed or whose vectors could not be stored, and for all "
        "tracks\n"
        "after EMBEDDING_MODEL was changed: vectors of different models cannot be compared. Searches use the former "
        "model\n"
        "until this has finished. It is safe to interrupt: run it again, and it goes on.");
    command->callback([&chosen, arguments] {
        chosen = [arguments](Invocation& invocation) { return reembed(invocation, *arguments); };
    });
}

}  // namespace audio_ident::cli
