#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "cli/command.hpp"
#include "cli/ingest_report.hpp"
#include "cli/output.hpp"
#include "cli/text.hpp"
#include "ingest/decoding_analyzer.hpp"
#include "ingest/reembed.hpp"
#include "util/json.hpp"

namespace audio_ident::cli {
namespace {

struct ReembedArguments {
    bool all = false;
    int wait_seconds = 0;
};

boost::json::value to_json(const ingest::ReembedReport& report) {
    boost::json::array errors;
    for (const auto& error : report.errors) {
        errors.push_back({{"file", error.file}, {"error", error.error}, {"kind", to_string(error.kind)}});
    }
    boost::json::object object = {
        {"total", report.total},
        {"embedded", report.embedded},
        {"missing_files", boost::json::array(report.missing_files.begin(), report.missing_files.end())},
        {"errors", std::move(errors)},
        {"seconds_of_audio", report.seconds_of_audio},
        {"elapsed_seconds", report.elapsed_seconds},
        {"interrupted", report.interrupted},
    };
    if (report.fatal) object["fatal"] = report.fatal->message;
    return object;
}

ExitCode print(const ingest::ReembedReport& report, bool json) {
    if (json) {
        print_line(util::json_text(to_json(report)));
    } else {
        print_line(fmt::format("{} of {} embedded, {} of audio in {}", report.embedded,
                               count_text(report.total, "track"), duration_text(report.seconds_of_audio),
                               duration_text(report.elapsed_seconds)));
        for (const auto& file : report.missing_files) print_line("gone: " + one_line(file));
    }
    if (report.interrupted) note("interrupted; `audio-ident reembed` again does the rest");
    if (report.fatal) return fail_with(*report.fatal);
    return report.errors.empty() && report.missing_files.empty() ? ExitCode::fine : ExitCode::some_failed;
}

ExitCode reembed(Invocation& invocation, const ReembedArguments& arguments) {
    Services& services = invocation.services();
    const auto embedder = services.embedder();
    if (!embedder) return fail_with(embedder.error());
    const auto lock = services.lock("audio-ident reembed", std::chrono::seconds(arguments.wait_seconds));
    if (!lock) return fail_with(lock.error());
    const auto stores = services.open_for_writing(*lock, *embedder);
    if (!stores) return fail_with(stores.error());

    ingest::ReembedRequest request;
    if (arguments.all) request.scope = ingest::ReembedScope::all;
    request.threads = invocation.settings().ingest_threads;
    ProgressPrinter progress;
    const auto report = ingest::reembed({*stores,
                                         [&](const std::filesystem::path& path, const Deadline& deadline) {
                                             return ingest::embed_file(services.decoder(), **embedder, path, deadline);
                                         },
                                         *lock},
                                        request, progress, services.stop_token());
    progress.clear();
    return print(report, invocation.json());
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
        "EMBEDDING_MODEL names another model: each has vectors of its own, never compared with those of others.\n"
        "Safe to interrupt: run it again, and it goes on.");
    command->callback([&chosen, arguments] {
        chosen = [arguments](Invocation& invocation) { return reembed(invocation, *arguments); };
    });
}

}  // namespace audio_ident::cli
