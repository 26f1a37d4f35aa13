#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <cstdio>
#include <unistd.h>

#include "cli/command.hpp"
#include "cli/output.hpp"
#include "cli/text.hpp"
#include "util/comma_list.hpp"
#include "util/json.hpp"
#include "util/url.hpp"

namespace audio_ident::cli {
namespace {

using library::CopyPart;

struct CopyArguments {
    library::CopyRequest request;
    std::string only;
    int wait_seconds = 0;
};

/// On a terminal one line that it overwrites.
class CopyProgress final : public library::CopyObserver {
  public:
    ~CopyProgress() override { clear(); }

    void on_progress(CopyPart part, std::uint64_t done, std::optional<std::uint64_t> of) override {
        if (!terminal_) return;
        const std::string amount =
            part == CopyPart::fingerprints ? size_text(done) : fmt::format("{}/{}", done, of.value_or(done));
        fmt::print(stderr, "\r\x1B[K{}: {}", library::name_of(part), amount);
        std::fflush(stderr);
        shown_ = true;
    }
    void on_notice(std::string_view sentence) override {
        clear();
        print_note(sentence);
    }
    void clear() {
        if (shown_) fmt::print(stderr, "\r\x1B[K");
        shown_ = false;
    }

  private:
    bool terminal_ = isatty(STDERR_FILENO) == 1;
    bool shown_ = false;
};

/// What is wrong with the list after --only; empty when it is good.
std::string read_parts(const std::string& text, std::set<CopyPart>& parts) {
    for (const auto& name : util::comma_list(text)) {
        bool known = false;
        for (const CopyPart part : library::kEveryCopyPart) {
            if (name != library::name_of(part)) continue;
            parts.insert(part);
            known = true;
        }
        if (!known) return fmt::format("\"{}\" is not one of catalog, fingerprints, vectors, state", name);
    }
    return parts.empty() ? "name catalog, fingerprints, vectors or state" : "";
}

boost::json::object to_json(const library::CopyReport& report) {
    boost::json::object object = {{"copied", report.tracks.value_or(0)}};
    if (report.fingerprints)
        object["fingerprints"] = {{"tracks", report.fingerprints->tracks}, {"bytes", report.fingerprints->bytes}};
    if (report.vectors) {
        boost::json::array spaces;
        for (const auto& vectors : *report.vectors)
            spaces.push_back({{"space", vectors.space}, {"tracks", vectors.tracks}});
        object["vectors"] = std::move(spaces);
    }
    if (report.documents) object["documents"] = *report.documents;
    return object;
}

std::string tracks_text(std::uint64_t count) {
    return count_text(static_cast<std::int64_t>(count), "track");
}

void print_text(const library::CopyReport& report) {
    if (report.tracks) print_line(fmt::format("copied {}", count_text(*report.tracks, "track")));
    if (report.fingerprints) {
        print_line(fmt::format("copied fingerprints of {}, {}", tracks_text(report.fingerprints->tracks),
                               size_text(report.fingerprints->bytes)));
    }
    for (const auto& vectors : report.vectors.value_or(std::vector<library::CopyReport::Vectors>()))
        print_line(fmt::format("copied vectors of {}, {}", tracks_text(vectors.tracks), vectors.space));
    if (report.vectors && report.vectors->empty()) print_line("copied no vectors: there are none");
    if (report.documents) print_line(fmt::format("copied {} documents of the state", *report.documents));
}

void warn_of_passwords(const library::CopyRequest& request) {
    for (const auto* name : {&request.from, &request.to, &request.from_vectors, &request.to_vectors}) {
        if (util::mask_url(*name) == *name) continue;
        note("other users of this machine can see the password on the command line; see `audio-ident db copy --help`");
        return;
    }
}

ExitCode copy(Invocation& invocation, const CopyArguments& arguments) {
    const auto& request = arguments.request;
    warn_of_passwords(request);
    CopyProgress progress;
    const auto copied = invocation.library().upkeep().copy(
        request, invocation.turn("audio-ident db copy", arguments.wait_seconds), progress);
    progress.clear();
    if (!copied) return fail_with(copied.error());
    if (invocation.json()) print_line(util::json_text(to_json(*copied)));
    else print_text(*copied);
    return ExitCode::fine;
}

std::optional<std::string> problem_of(CopyArguments& arguments) {
    auto& request = arguments.request;
    if (request.from.empty() && request.to.empty() && request.from_vectors.empty() && request.to_vectors.empty())
        return "name one library with --from or --to; the settings name the other one";
    return std::nullopt;
}

constexpr const char* kFooter =
    "It copies the catalog, the fingerprint index, the vectors of all models and the state (calibration, scale of\n"
    "similarity, model in service, notes on duplicates, waveforms, jobs), and analyses nothing again. Name one "
    "library\n"
    "here; the settings name the other one:\n"
    "  embedded          all in the data folder\n"
    "  postgresql://…    catalog and fingerprints there; vectors in the Qdrant of QDRANT_MODE and QDRANT_URL, or in "
    "the\n"
    "                    data folder when QDRANT_MODE is embedded\n"
    "  sqlite://PATH     a catalog alone\n"
    "What both libraries have in the same place stays there. Nothing else may be in the target. A copy that was\n"
    "interrupted cannot be used by accident: run it again, and it starts over. Uploaded audio stays where it is.\n"
    "\n"
    "Afterwards set POSTGRES_MODE, DATABASE_URL and FINGERPRINT_STORE (and QDRANT_MODE, QDRANT_URL) to use the copy.\n"
    "Do not put a password on the command line: use DATABASE_URL_FILE, or leave it out of the URL and set PGPASSWORD\n"
    "or use ~/.pgpass.\n\n"
    "Examples:\n"
    "  audio-ident db copy --from embedded --to postgresql://audio_ident@localhost:5432/audio_ident\n"
    "  audio-ident db copy --from embedded     to the servers in the settings\n"
    "  audio-ident db copy --to embedded       and back\n"
    "  audio-ident db copy --from-vectors embedded --to-vectors http://localhost:6333     vectors to a Qdrant\n"
    "  audio-ident db copy --to sqlite://$HOME/back.db     the catalog alone";

}  // namespace

void add_copy_command(Command& db) {
    auto& command = db.add_command("copy", "Copy the library to other stores, which must be empty");
    auto arguments = std::make_shared<CopyArguments>();
    auto& request = arguments->request;
    command.add({.names = "--from",
                 .into = &request.from,
                 .help = "embedded, postgresql://USER@HOST:PORT/NAME or sqlite://PATH (default: the library of the "
                         "settings)",
                 .type_name = "LIBRARY"});
    command.add(
        {.names = "--to", .into = &request.to, .help = "The same; creates what is missing", .type_name = "LIBRARY"});
    command.add({.names = "--from-vectors",
                 .into = &request.from_vectors,
                 .help = "Where the vectors are instead: embedded, or the URL of a Qdrant",
                 .type_name = "STORE"});
    command.add({.names = "--to-vectors",
                 .into = &request.to_vectors,
                 .help = "Where they go instead: embedded, or the URL of a Qdrant",
                 .type_name = "STORE"});
    command.add({.names = "--only",
                 .into = &arguments->only,
                 .help = "Copy only these: catalog, fingerprints, vectors, state, separated by commas",
                 .type_name = "PARTS",
                 .problem = [arguments = arguments.get()](const std::string& text) {
                     arguments->request.parts.clear();
                     return read_parts(text, arguments->request.parts);
                 }});
    add_wait_option(command, arguments->wait_seconds);
    command.problem = [arguments = arguments.get()] { return problem_of(*arguments); };
    command.footer = kFooter;
    command.run = [arguments](Invocation& invocation) { return copy(invocation, *arguments); };
}

}  // namespace audio_ident::cli
