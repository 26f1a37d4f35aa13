#include "cli/command.hpp"
#include "cli/ingest_report.hpp"
#include "cli/output.hpp"
#include "cli/pass_report.hpp"

namespace audio_ident::cli {
namespace {

struct RebuildArguments {
    bool missing = false;
    bool from_scratch = false;
    int wait_seconds = 0;
};

ExitCode rebuild(Invocation& invocation, const RebuildArguments& arguments) {
    using Index = library::RebuildRequest::Index;
    ProgressPrinter progress;
    const auto report = invocation.library().rebuild_index(
        {.scope = arguments.missing ? ingest::PassScope::missing : ingest::PassScope::all,
         .begin_with = arguments.from_scratch ? Index::new_one : Index::existing},
        invocation.turn("audio-ident rebuild-index", arguments.wait_seconds), progress);
    progress.clear();
    if (!report) return fail_with(report.error());
    return print_pass(*report, invocation.json(), {.done = "rebuilt", .again = "audio-ident rebuild-index --missing"});
}

}  // namespace

void add_rebuild_index_command(Command& root) {
    auto& command = root.add_command("rebuild-index", "Rebuild the fingerprint index from the audio files");
    auto arguments = std::make_shared<RebuildArguments>();
    command.add({.names = "--missing",
                 .into = &arguments->missing,
                 .help = "Analyse only tracks that are not in the index, or are in it with older fingerprints"});
    command.add({.names = "--from-scratch",
                 .into = &arguments->from_scratch,
                 .help = "Delete the index first; needed when it is damaged"});
    add_wait_option(command, arguments->wait_seconds);
    command.footer =
        "Use it when the index is damaged, lost or of another version. Tracks keep their ids, and searches still find\n"
        "them while it runs. A track whose file is gone stays as it is.";
    command.run = [arguments](Invocation& invocation) { return rebuild(invocation, *arguments); };
}

}  // namespace audio_ident::cli
