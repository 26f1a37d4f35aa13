#include "cli/command.hpp"
#include "cli/ingest_report.hpp"
#include "cli/output.hpp"

namespace audio_ident::cli {
namespace {

struct IngestArguments {
    std::vector<std::string> paths;
    std::string from_file;
    bool prune = false;
    bool allow_duplicates = false;
    bool hidden = false;
    bool follow_links = false;
    bool no_embed = false;
    int wait_seconds = 0;
};

ingest::IngestRequest request_of(const IngestArguments& arguments, unsigned threads) {
    ingest::IngestRequest request;
    request.paths.assign(arguments.paths.begin(), arguments.paths.end());
    if (!arguments.from_file.empty()) request.from_file = arguments.from_file;
    if (arguments.hidden) request.scan.hidden = ingest::Hidden::include;
    if (arguments.follow_links) request.scan.folder_links = ingest::FolderLinks::follow;
    if (arguments.prune) request.prune = ingest::Prune::remove;
    if (arguments.allow_duplicates) request.same_music = ingest::SameMusic::add;
    request.threads = threads;
    return request;
}

ExitCode ingest_files(Invocation& invocation, const IngestArguments& arguments) {
    if (arguments.paths.empty() && arguments.from_file.empty()) {
        note("name files or folders, or a list of them with --from-file; see `audio-ident ingest --help`");
        return ExitCode::usage;
    }
    Services& services = invocation.services();
    const auto lock = services.lock("audio-ident ingest", std::chrono::seconds(arguments.wait_seconds));
    if (!lock) return fail_with(lock.error());
    const embedding::Embedder* embedder = nullptr;
    if (!arguments.no_embed) {
        const auto opened = services.embedder();
        if (opened) embedder = *opened;
        else note("tracks get no embedding, for the exact lane they are whole: {}", opened.error().message);
    }
    const auto stores = services.open_for_writing(*lock, embedder);
    if (!stores) return fail_with(stores.error());

    ProgressPrinter progress;
    const auto report = ingest::run_ingest(
        {*stores, services.make_analyzer(embedder), services.chromaprint(), *lock, services.duplicate_notes()},
        request_of(arguments, invocation.settings().ingest_threads), progress, services.stop_token());
    progress.clear();
    return print_report(report, invocation.json(), "ingest");
}

}  // namespace

void add_ingest_command(CLI::App& root, Run& chosen) {
    auto* command = root.add_subcommand("ingest", "Index music files, where they are");
    auto arguments = std::make_shared<IngestArguments>();
    command->add_option("paths", arguments->paths, "Files, and folders with all they hold")->type_name("PATH...");
    command
        ->add_option("--from-file", arguments->from_file,
                     "Read names from this list, one a line, or each ended by a NUL; - is standard input")
        ->type_name("LIST");
    command->add_flag("--prune", arguments->prune, "Remove tracks below the named folders whose files are gone");
    command->add_flag("--allow-duplicates", arguments->allow_duplicates,
                      "Add music that another file holds already (equal bytes never)");
    command->add_flag("--hidden", arguments->hidden, "Take hidden files and folders too");
    command->add_flag("--follow-links", arguments->follow_links, "Follow links to folders");
    command->add_flag("--no-embed", arguments->no_embed,
                      "For the exact lane alone, in a fifth of the time; `audio-ident reembed` adds the rest");
    add_wait_option(*command, arguments->wait_seconds);
    command->footer(
        "Safe to interrupt (Ctrl-C): what was reported is stored. Run it again: only what is new or has changed is "
        "read;\n"
        "a file that was moved keeps its track. A file that cannot be read is named and the rest goes on (exit code "
        "3).\n\n"
        "Examples:\n"
        "  audio-ident ingest ~/Music\n"
        "  audio-ident ingest --prune ~/Music          forget files that were deleted\n"
        "  find ~/Music -newer stamp -print0 | audio-ident ingest --from-file -");
    command->callback([&chosen, arguments] {
        chosen = [arguments](Invocation& invocation) { return ingest_files(invocation, *arguments); };
    });
}

}  // namespace audio_ident::cli
