#include "cli/command.hpp"
#include "cli/ingest_report.hpp"
#include "cli/output.hpp"
#include "cli/pass_report.hpp"
#include "ingest/rebuild_index.hpp"

namespace audio_ident::cli {
namespace {

struct RebuildArguments {
    bool missing = false;
    bool from_scratch = false;
    int wait_seconds = 0;
};

/// The stores; when it is the index that cannot be read, with a new, empty one.
Result<ingest::Stores> open_stores(Services& services, const util::FileLock& lock, bool from_scratch) {
    if (auto catalog = services.catalog(); !catalog) return forward(catalog);
    if (!from_scratch) {
        auto stores = services.open_for_writing(lock);
        if (stores || stores.error().kind == ErrorKind::not_available) return stores;
        note("{}", stores.error().message);
        note("making a new index");
    }
    if (auto erased = services.erase_fingerprints(lock); !erased) return forward(erased);
    return services.open_for_writing(lock);
}

ExitCode rebuild(Invocation& invocation, const RebuildArguments& arguments) {
    Services& services = invocation.services();
    const auto lock = services.lock("audio-ident rebuild-index", std::chrono::seconds(arguments.wait_seconds));
    if (!lock) return fail_with(lock.error());
    const auto stores = open_stores(services, *lock, arguments.from_scratch);
    if (!stores) return fail_with(stores.error());

    ingest::PassRequest request;
    request.scope = arguments.missing ? ingest::PassScope::missing : ingest::PassScope::all;
    request.threads = invocation.settings().ingest_threads;
    ProgressPrinter progress;
    const auto report = ingest::rebuild_index({*stores, services.make_analyzer(), services.chromaprint(), *lock},
                                              request, progress, services.stop_token());
    progress.clear();
    return print_pass(report, invocation.json(), {.done = "rebuilt", .again = "audio-ident rebuild-index --missing"});
}

}  // namespace

void add_rebuild_index_command(CLI::App& root, Run& chosen) {
    auto* command = root.add_subcommand("rebuild-index", "Make the fingerprint index anew from the audio files");
    auto arguments = std::make_shared<RebuildArguments>();
    command->add_flag("--missing", arguments->missing, "Only tracks that the index does not hold");
    command->add_flag("--from-scratch", arguments->from_scratch, "Throw the index away first, for one that is damaged");
    add_wait_option(*command, arguments->wait_seconds);
    command->footer(
        "For an index that is damaged, lost, or of another version (which is replaced). Tracks keep their ids and "
        "stay\n"
        "searchable meanwhile. A track whose file is gone stays as it is.");
    command->callback([&chosen, arguments] {
        chosen = [arguments](Invocation& invocation) { return rebuild(invocation, *arguments); };
    });
}

}  // namespace audio_ident::cli
