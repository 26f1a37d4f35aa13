#include <algorithm>
#include <filesystem>
#include <utility>

#include "cli/calibrate.hpp"
#include "cli/cluster_report.hpp"
#include "cli/command.hpp"
#include "cli/finding.hpp"
#include "cli/output.hpp"
#include "cli/text.hpp"
#include "ingest/commit/file_notes.hpp"
#include "util/url.hpp"

namespace audio_ident::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::uintmax_t kLowSpace = 500'000'000;

/// Collects the findings. Each check adds one line or more.
class Examination {
  public:
    explicit Examination(Invocation& invocation) : invocation_(invocation) {}

    std::vector<Finding> run() {
        check_formats();
        check_folder();
        check_audio();
        if (!library().exists()) {
            add("library", Health::warning, "there is none yet", "audio-ident ingest FOLDER");
            return std::move(findings_);
        }
        const bool catalog_good = check_catalog();
        const bool index_good = check_index();
        if (catalog_good) check_damage();
        if (catalog_good && index_good) check_agreement();
        check_calibration();
        return std::move(findings_);
    }

  private:
    library::Library& library() { return invocation_.library(); }
    library::Upkeep& upkeep() { return library().upkeep(); }
    Deadline deadline() const { return invocation_.deadline(); }

    void add(std::string subject, Health health, std::string text, std::string advice = {}) {
        findings_.push_back({std::move(subject), health, std::move(text), std::move(advice)});
    }
    bool failed(std::string subject, const Error& error, std::string advice = {}) {
        add(std::move(subject), Health::bad, error.message, std::move(advice));
        return false;
    }

    void check_formats();
    void check_folder();
    void check_audio();
    bool check_catalog();
    bool check_index();
    void check_damage();
    void check_agreement();
    void check_calibration();

    Invocation& invocation_;
    std::vector<Finding> findings_;
};

void Examination::check_formats() {
    std::string missing;
    std::string present;
    for (const auto& [name, decodes] : invocation_.program().formats) (decodes ? present : missing) += " " + name;
    if (missing.empty()) add("decoders", Health::good, present.substr(std::min<std::size_t>(1, present.size())));
    else add("decoders", Health::bad, "missing:" + missing, "use a complete build of the FFmpeg libraries");
}

void Examination::check_folder() {
    std::error_code error;
    fs::path folder = invocation_.settings().data_dir;
    const auto text = folder.string();
    while (!fs::exists(folder, error) && folder.has_relative_path()) folder = folder.parent_path();
    const auto space = fs::space(folder, error);
    if (error) {
        add("data folder", Health::bad, fmt::format("{}: {}", text, error.message()), "check AUDIO_IDENT_DATA_DIR");
    } else if (space.available < kLowSpace) {
        add("data folder", Health::bad, fmt::format("{}: only {} free", text, size_text(space.available)),
            "free some space, or set AUDIO_IDENT_DATA_DIR to a larger disk");
    } else {
        add("data folder", Health::good, fmt::format("{}: {} free", text, size_text(space.available)));
    }
    if (const auto writable = upkeep().check_writable(); !writable) {
        add("data folder", Health::bad, writable.error().message, "make it writable, or copy it to a writable place");
    }
}

void Examination::check_audio() {
    const auto place = upkeep().check_audio(deadline());
    if (!place) failed("audio", place.error());
    else if (*place) add("audio", Health::good, **place);
}

bool Examination::check_catalog() {
    const auto schema = upkeep().schema(deadline());
    if (!schema) return failed("catalog", schema.error());
    // Names begin with their number, in four digits. With a newer schema that it cannot use, there is an error instead.
    if (!schema->current || *schema->current < schema->head) {
        add("catalog", Health::bad,
            fmt::format("its schema is {}, but this program needs {}", schema->current.value_or("missing"),
                        schema->head),
            "audio-ident db upgrade");
        return false;
    }
    const auto ready = library().list({.state = catalog::TrackState::ready, .limit = 1}, deadline());
    if (!ready) return failed("catalog", ready.error());
    add("catalog", Health::good,
        fmt::format("{}, schema {}{}, {}", count_text(ready->total, "track"), *schema->current,
                    *schema->current == schema->head ? "" : fmt::format(" (this program's newest is {})", schema->head),
                    util::mask_url(invocation_.settings().catalog.url)));
    return true;
}

bool Examination::check_index() {
    const auto index = upkeep().index(deadline());
    if (!index) return failed("fingerprint index", index.error(), "audio-ident rebuild-index");
    add("fingerprint index", Health::good,
        fmt::format("{}, {}", count_text(static_cast<std::int64_t>(index->tracks), "track"), size_text(index->bytes)));
    if (index->outdated > 0) {
        add("older fingerprints", Health::warning,
            count_text(static_cast<std::int64_t>(index->outdated), "track") + ", found as before",
            "audio-ident serve makes new ones in the background, audio-ident rebuild-index --missing at once");
    }
    return true;
}

void Examination::check_damage() {
    constexpr std::size_t kNamed = 3;
    const auto damaged = library().list(
        {.state = catalog::TrackState::ready, .which = catalog::Which::damaged, .limit = kNamed}, deadline());
    if (!damaged) {
        failed("damaged files", damaged.error());
        return;
    }
    if (damaged->total == 0) return;
    std::string text = count_text(damaged->total, "file");
    const char* separator = ": ";
    for (const auto& track : damaged->tracks) {
        text += fmt::format("{}{} {}", std::exchange(separator, "; "), track.file_path, ingest::damage_text(track));
    }
    if (damaged->total > static_cast<std::int64_t>(kNamed)) text += "; …";
    add("damaged files", Health::warning, std::move(text),
        "`audio-ident tracks list --damaged` lists them; copy them again, then audio-ident ingest FOLDER");
}

void Examination::check_agreement() {
    const auto compared = upkeep().compare(Deadline::never(invocation_.stop()));
    if (!compared) {
        failed("agreement", compared.error());
        return;
    }
    const auto& differences = compared->differences;
    const auto half_done = differences.finished.size() + differences.unfinished.size() + differences.orphans.size();
    if (half_done > 0) {
        add("half-done tracks", Health::warning, fmt::format("{}", half_done),
            "audio-ident ingest FOLDER completes them (one may be running now)");
    }
    if (const auto count = differences.unindexed.size(); count > 0) {
        add("unindexed tracks", Health::bad, fmt::format("{} cannot be found", count), "audio-ident rebuild-index");
    }
    if (compared->missing_files > 0) {
        add("audio files", Health::warning, fmt::format("{} are missing", compared->missing_files),
            "audio-ident ingest FOLDER finds moved files; with --prune it removes the tracks of deleted ones");
    }
    if (differences.none()) add("agreement", Health::good, "catalog and index have the same tracks");
}

void Examination::check_calibration() {
    const auto calibration = upkeep().calibration();
    if (!calibration) failed("calibration", calibration.error(), "audio-ident doctor --calibrate");
    else if (calibration->measured_at.empty()) add("calibration", Health::good, "as shipped");
    else
        add("calibration", Health::good,
            fmt::format("measured on this library at {}", calibration->measured_at.substr(0, 16) + "Z"));
}

ExitCode examine(Invocation& invocation) {
    return print_findings(Examination(invocation).run(), invocation.json());
}

ExitCode examine_cluster(Invocation& invocation) {
    const auto cluster = invocation.program().cluster(invocation.settings(), invocation.deadline());
    if (!cluster) return fail_with(cluster.error());
    if (*cluster) return print_findings(findings_of(**cluster), invocation.json());
    const Finding none{
        .subject = "cluster",
        .health = Health::warning,
        .text = "there is none: this library is in the data folder of one machine",
        .advice = "POSTGRES_MODE, FINGERPRINT_STORE and QDRANT_MODE put it on servers that services share"};
    return print_findings({&none, 1}, invocation.json());
}

struct DoctorArguments {
    bool calibrate = false;
    bool forget = false;
    bool cluster = false;
    std::size_t tracks = 60;
};

}  // namespace

void add_doctor_command(Command& root) {
    auto arguments = std::make_shared<DoctorArguments>();
    auto& command = root.add_command("doctor", "Check stores, versions, disk space and decoders, and say what to do");
    const auto& calibrating = command.add(
        {.names = "--calibrate",
         .into = &arguments->calibrate,
         .help = "Measure on degraded clips of your own tracks how often the exact lane is right, and correct "
                 "its confidence"});
    command.add({.names = "--tracks",
                 .into = &arguments->tracks,
                 .help = "With --calibrate: measure on this many tracks (default 60)",
                 .type_name = "NUMBER",
                 .range = std::pair(5, 5000),
                 .needs = &calibrating});
    command.add({.names = "--forget-calibration",
                 .into = &arguments->forget,
                 .help = "Return to the calibration that comes with the program",
                 .excludes = &calibrating});
    command.add({.names = "--cluster",
                 .into = &arguments->cluster,
                 .help = "List the services that share the library, and its servers, instead: versions, index, cache, "
                         "replicas, what is missing",
                 .excludes = &calibrating});
    command.footer =
        "Without options it changes nothing. The exit code is 0 when all is well, 1 when something needs attention.\n\n"
        "--calibrate degrades clips of each track in eight ways (noise, a room, a telephone, another speed, other "
        "music\n"
        "on top) and searches each clip twice: with its track in the library, and with the track hidden. It takes "
        "about\n"
        "a second per track.";
    command.run = [arguments](Invocation& invocation) {
        if (arguments->cluster) return examine_cluster(invocation);
        if (arguments->calibrate) return calibrate(invocation, arguments->tracks);
        return arguments->forget ? forget_calibration(invocation) : examine(invocation);
    };
}

}  // namespace audio_ident::cli
