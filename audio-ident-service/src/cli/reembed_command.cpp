#include "cli/command.hpp"
#include "cli/ingest_report.hpp"
#include "cli/output.hpp"
#include "cli/pass_report.hpp"
#include "ingest/decoding_analyzer.hpp"
#include "ingest/reembed.hpp"

namespace audio_ident::cli {
namespace {

struct ReembedArguments {
    bool all = false;
    int wait_seconds = 0;
};

ExitCode reembed(Invocation& invocation, const ReembedArguments& arguments) {
    Services& services = invocation.services();
    const auto embedder = services.wanted_embedder();
    if (!embedder) return fail_with(embedder.error());
    const auto lock = services.lock("audio-ident reembed", std::chrono::seconds(arguments.wait_seconds));
    if (!lock) return fail_with(lock.error());
    const auto stores = services.open_for_writing(*lock, *embedder);
    if (!stores) return fail_with(stores.error());

    ingest::PassRequest request;
    request.scope = arguments.all ? ingest::PassScope::all : ingest::PassScope::missing;
    request.threads = invocation.settings().ingest_threads;
    ProgressPrinter progress;
    auto report = ingest::reembed({*stores,
                                   [&](const std::filesystem::path& path, const Deadline& deadline) {
                                       return ingest::embed_file(services.decoder(), **embedder, path, deadline);
                                   },
                                   *lock},
                                  request, progress, services.stop_token());
    progress.clear();
    if (!report.interrupted && !report.fatal) {
        if (const auto changed = services.change_embedder(*lock); !changed) report.fatal = changed.error();
    }
    return print_pass(report, invocation.json(), {.done = "embedded", .again = "audio-ident reembed"});
}

}  // namespace

void add_reembed_command(CLI::App& root, Run& chosen) {
    auto* command =
        root.add_subcommand("reembed", "Give tracks that the vibe lane does not have their vectors and tags");
    auto arguments = std::make_shared<ReembedArguments>();
    command->add_flag("--all", arguments->all, "Every track, also those that have vectors of this model");
    add_wait_option(*command, arguments->wait_seconds);
    command->footer(
        "For tracks that were ingested with --no-embed or whose vectors could not be stored, and for all when\n"
        "EMBEDDING_MODEL names another model: each has vectors of its own, never compared with those of others. "
        "Searches use\n"
        "the model before until this is through.\n"
        "Safe to interrupt: run it again, and it goes on.");
    command->callback([&chosen, arguments] {
        chosen = [arguments](Invocation& invocation) { return reembed(invocation, *arguments); };
    });
}

}  // namespace audio_ident::cli
