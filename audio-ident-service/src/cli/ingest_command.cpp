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
    std::optional<int> stream;
    int wait_seconds = 0;
};

library::IngestRequest request_of(const IngestArguments& arguments) {
    library::IngestRequest request;
    request.paths.assign(arguments.paths.begin(), arguments.paths.end());
    if (!arguments.from_file.empty()) request.from_file = arguments.from_file;
    if (arguments.hidden) request.scan.hidden = ingest::Hidden::include;
    if (arguments.follow_links) request.scan.folder_links = ingest::FolderLinks::follow;
    if (arguments.prune) request.prune = ingest::Prune::remove;
    if (arguments.allow_duplicates) request.same_music = ingest::SameMusic::add;
    request.stream = arguments.stream;
    if (arguments.no_embed) request.vectors = library::Vectors::none;
    return request;
}

ExitCode ingest_files(Invocation& invocation, const IngestArguments& arguments) {
    if (arguments.paths.empty() && arguments.from_file.empty()) {
        note("name files or folders, or a list of them with --from-file; see `audio-ident ingest --help`");
        return ExitCode::usage;
    }
    ProgressPrinter progress;
    const auto report = invocation.library().ingest(
        request_of(arguments), invocation.turn("audio-ident ingest", arguments.wait_seconds), progress);
    progress.clear();
    if (!report) return fail_with(report.error());
    return print_report(*report, invocation.json(), "ingest");
}

void add_options(Command& command, IngestArguments& arguments) {
    command.add({.names = "paths",
                 .into = &arguments.paths,
                 .help = "Files, and folders with everything in them",
                 .type_name = "PATH..."});
    command.add({.names = "--from-file",
                 .into = &arguments.from_file,
                 .help = "Read names from this list, one per line or each followed by NUL; - is standard input",
                 .type_name = "LIST"});
    command.add({.names = "--prune",
                 .into = &arguments.prune,
                 .help = "Remove tracks below the named folders whose files are gone"});
    command.add({.names = "--allow-duplicates",
                 .into = &arguments.allow_duplicates,
                 .help = "Also add music that another track already has (but never files with equal bytes)"});
    add_stream_option(command, arguments.stream);
    command.add({.names = "--hidden", .into = &arguments.hidden, .help = "Include hidden files and folders"});
    command.add({.names = "--follow-links", .into = &arguments.follow_links, .help = "Follow links to folders"});
    command.add(
        {.names = "--no-embed",
         .into = &arguments.no_embed,
         .help = "Index for the exact lane only, in a fifth of the time; `audio-ident reembed` adds the vibe lane"});
    add_wait_option(command, arguments.wait_seconds);
}

}  // namespace

void add_ingest_command(Command& root) {
    auto& command = root.add_command("ingest", "Index music files where they are");
    auto arguments = std::make_shared<IngestArguments>();
    add_options(command, *arguments);
    command.footer =
        "It is safe to interrupt (Ctrl-C): everything reported is stored, and the next run reads only new and changed\n"
        "files. A moved file keeps its track. Files that cannot be read are named, and all others are indexed (exit\n"
        "code 3).\n\n"
        "Examples:\n"
        "  audio-ident ingest ~/Music\n"
        "  audio-ident ingest --prune ~/Music          also remove the tracks of deleted files\n"
        "  find ~/Music -newer stamp -print0 | audio-ident ingest --from-file -";
    command.run = [arguments](Invocation& invocation) { return ingest_files(invocation, *arguments); };
}

}  // namespace audio_ident::cli
