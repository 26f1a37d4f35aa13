#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <filesystem>

#include "cli/calibrate.hpp"
#include "cli/command.hpp"
#include "cli/output.hpp"
#include "cli/text.hpp"
#include "ingest/store_check.hpp"
#include "util/json.hpp"
#include "util/path_text.hpp"
#include "util/url.hpp"

namespace audio_ident::cli {
namespace {

namespace fs = std::filesystem;

enum class Health { good, warning, bad };

struct Finding {
    std::string subject;
    Health health = Health::good;
    std::string text;
    std::string advice = {};  ///< what to run or do
};

/// Collects what is found; each check adds one line or more.
class Examination {
  public:
    explicit Examination(Invocation& invocation) : services_(invocation.services()), settings_(invocation.settings()) {}

    std::vector<Finding> run() {
        check_formats();
        check_folder();
        if (!services_.library_exists()) {
            add("library", Health::warning, "there is none yet", "audio-ident ingest FOLDER");
            return std::move(findings_);
        }
        const bool catalog_good = check_catalog();
        const bool index_good = check_index();
        if (catalog_good && index_good) check_agreement();
        check_calibration();
        return std::move(findings_);
    }

  private:
    void add(std::string subject, Health health, std::string text, std::string advice = {}) {
        findings_.push_back({std::move(subject), health, std::move(text), std::move(advice)});
    }

    void check_formats() {
        std::string missing;
        std::string present;
        for (const auto& [name, decodes] : services_.formats()) (decodes ? present : missing) += " " + name;
        if (missing.empty()) add("decoders", Health::good, present.substr(1));
        else add("decoders", Health::bad, "missing:" + missing, "use a complete build of the FFmpeg libraries");
    }

    void check_folder() {
        std::error_code error;
        fs::path folder = settings_.data_dir;
        while (!fs::exists(folder, error) && folder.has_relative_path()) folder = folder.parent_path();
        const auto space = fs::space(folder, error);
        const auto text = settings_.data_dir.string();
        if (error) {
            add("data folder", Health::bad, fmt::format("{}: {}", text, error.message()), "check AUDIO_IDENT_DATA_DIR");
        } else if (space.available < kLowSpace) {
            add("data folder", Health::bad, fmt::format("{}: only {} free", text, size_text(space.available)),
                "free some space, or set AUDIO_IDENT_DATA_DIR to a larger disk");
        } else {
            add("data folder", Health::good, fmt::format("{}: {} free", text, size_text(space.available)));
        }
        if (const auto writable = services_.check_writable(); !writable) {
            add("data folder", Health::bad, writable.error().message,
                "make it writable, or copy it to where it can be written");
        }
    }

    bool check_catalog() {
        auto migrator = services_.migrator();
        if (!migrator) return failed("catalog", migrator.error());
        const auto current = (*migrator)->current(services_.deadline());
        if (!current) return failed("catalog", current.error());
        const auto head = (*migrator)->heads().front().name;
        if (!*current || (*current)->name != head) {
            add("catalog", Health::bad,
                fmt::format("its schema is {}, this program's is {}", *current ? (*current)->name : "missing", head),
                "audio-ident db upgrade");
            return false;
        }
        auto catalog = services_.catalog();
        if (!catalog) return failed("catalog", catalog.error());
        const auto ready = (*catalog)->count(catalog::TrackState::ready, services_.deadline());
        if (!ready) return failed("catalog", ready.error());
        add("catalog", Health::good,
            fmt::format("{}, schema {}, {}", count_text(*ready, "track"), head, util::mask_url(settings_.catalog.url)));
        return true;
    }

    bool check_index() {
        auto index = services_.fingerprints();
        if (!index) return failed("fingerprint index", index.error(), "audio-ident rebuild-index");
        const auto snapshot = (*index)->snapshot(services_.deadline());
        if (!snapshot) return failed("fingerprint index", snapshot.error(), "audio-ident rebuild-index");
        const auto& stats = (*snapshot)->stats();
        add("fingerprint index", Health::good,
            fmt::format("{}, {}", count_text(static_cast<std::int64_t>(stats.tracks), "track"),
                        size_text(stats.bytes)));
        return true;
    }

    void check_agreement() {
        auto stores = services_.open_for_comparing();
        if (!stores) {
            failed("agreement", stores.error());
            return;
        }
        std::int64_t gone = 0;
        const auto differences = ingest::compare_stores(
            *stores,
            [&](const catalog::FileRecord& record) {
                const auto path = util::path_from_text(record.file_path);
                std::error_code error;
                if (!path || !fs::exists(*path, error)) ++gone;
            },
            Deadline::never(services_.stop_token()));
        if (!differences) {
            failed("agreement", differences.error());
            return;
        }
        const auto half_done =
            differences->finished.size() + differences->unfinished.size() + differences->orphans.size();
        if (half_done > 0) {
            add("half-done tracks", Health::warning, fmt::format("{}", half_done),
                "audio-ident ingest FOLDER completes them (one may be running now)");
        }
        if (const auto count = differences->unindexed.size(); count > 0) {
            add("unindexed tracks", Health::bad, fmt::format("{} cannot be found", count), "audio-ident rebuild-index");
        }
        if (gone > 0) {
            add("audio files", Health::warning, fmt::format("{} are not where they were", gone),
                "audio-ident ingest FOLDER finds moved ones; --prune forgets deleted ones");
        }
        if (differences->none()) add("agreement", Health::good, "catalog and index hold the same tracks");
    }

    void check_calibration() {
        const auto calibration = services_.calibration();
        if (!calibration) failed("calibration", calibration.error(), "audio-ident doctor --calibrate");
        else if (calibration->measured_at.empty()) add("calibration", Health::good, "as shipped");
        else
            add("calibration", Health::good,
                fmt::format("measured on this library at {}", calibration->measured_at.substr(0, 16) + "Z"));
    }

    bool failed(std::string subject, const Error& error, std::string advice = {}) {
        add(std::move(subject), Health::bad, error.message, std::move(advice));
        return false;
    }

    static constexpr std::uintmax_t kLowSpace = 500'000'000;

    Services& services_;
    const config::Settings& settings_;
    std::vector<Finding> findings_;
};

const char* word_of(Health health) {
    switch (health) {
        case Health::good: return "ok";
        case Health::warning: return "note";
        case Health::bad: break;
    }
    return "FAIL";
}

ExitCode examine(Invocation& invocation) {
    const auto findings = Examination(invocation).run();
    bool healthy = true;
    boost::json::array checks;
    for (const auto& finding : findings) {
        healthy = healthy && finding.health != Health::bad;
        if (invocation.json()) {
            checks.push_back(
                {{"check", finding.subject},
                 {"status", word_of(finding.health)},
                 {"message", finding.text},
                 {"advice", finding.advice.empty() ? boost::json::value(nullptr) : finding.advice.c_str()}});
            continue;
        }
        print_line(fmt::format("{:<5} {:<18} {}", word_of(finding.health), finding.subject, one_line(finding.text)));
        if (!finding.advice.empty()) print_line(fmt::format("{:24} → {}", "", finding.advice));
    }
    if (invocation.json()) {
        print_line(util::json_text(boost::json::object{{"healthy", healthy}, {"checks", std::move(checks)}}));
    }
    return healthy ? ExitCode::fine : ExitCode::fatal;
}

}  // namespace

void add_doctor_command(CLI::App& root, Run& chosen) {
    struct DoctorArguments {
        bool calibrate = false;
        bool forget = false;
        std::size_t tracks = 60;
    };
    auto arguments = std::make_shared<DoctorArguments>();
    auto* command = root.add_subcommand("doctor", "Check stores, versions, disk space and decoders; say what to run");
    auto* calibrating = command->add_flag(
        "--calibrate", arguments->calibrate,
        "Measure with degraded clips of your own tracks how sure the exact lane may be, and keep to that from now on");
    command->add_option("--tracks", arguments->tracks, "With --calibrate: take so many tracks (default 60)")
        ->check(CLI::Range(5, 5000))
        ->type_name("NUMBER")
        ->needs(calibrating);
    command->add_flag("--forget-calibration", arguments->forget, "Go back to the calibration that is shipped")
        ->excludes(calibrating);
    command->footer(
        "Without options it changes nothing. Exit code 0 when all is well, 1 when something needs attention.\n\n"
        "--calibrate plays each track to itself eight times: in noise, in a room, by telephone, faster, under other "
        "music;\n"
        "once with the track in the library, and once with it hidden. It takes about a second a track.");
    command->callback([&chosen, arguments] {
        chosen = [arguments](Invocation& invocation) {
            if (arguments->calibrate) return calibrate(invocation, arguments->tracks);
            return arguments->forget ? forget_calibration(invocation) : examine(invocation);
        };
    });
}

}  // namespace audio_ident::cli
