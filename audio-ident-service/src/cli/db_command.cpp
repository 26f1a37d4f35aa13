#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "cli/command.hpp"
#include "cli/output.hpp"
#include "cli/text.hpp"
#include "util/json.hpp"
#include "util/url.hpp"

namespace audio_ident::cli {
namespace {

using Action = std::function<ExitCode(Invocation&, catalog::Migrator&)>;

void print_steps(const Invocation& invocation, std::string_view verb,
                 const std::vector<catalog::AppliedMigration>& migrations) {
    if (invocation.json()) {
        boost::json::array names;
        for (const auto& migration : migrations) names.emplace_back(migration.name);
        print_line(util::json_text(boost::json::object{{verb, std::move(names)}}));
        return;
    }
    for (const auto& migration : migrations) print_line(fmt::format("{} {}", verb, migration.name));
    if (migrations.empty()) print_line("nothing to do");
}

void print_version(const Invocation& invocation, std::string_view key, const std::optional<std::string>& name) {
    if (invocation.json()) {
        const boost::json::value value = name ? boost::json::value(*name) : boost::json::value(nullptr);
        print_line(util::json_text(boost::json::object{{key, value}}));
    } else {
        print_line(name.value_or("none"));
    }
}

/// One subcommand of `db`.
CLI::App* add(CLI::App& db, Run& chosen, const std::string& name, const std::string& help, Action action) {
    auto* command = db.add_subcommand(name, help);
    command->callback([&chosen, action = std::move(action)] {
        chosen = [action](Invocation& invocation) {
            auto migrator = invocation.services().migrator();
            if (!migrator) return fail_with(migrator.error());
            return action(invocation, **migrator);
        };
    });
    return command;
}

ExitCode upgrade(Invocation& invocation, catalog::Migrator& migrator) {
    const auto done = migrator.upgrade(invocation.services().deadline());
    if (!done) return fail_with(done.error());
    print_steps(invocation, "applied", *done);
    return ExitCode::fine;
}

ExitCode current(Invocation& invocation, catalog::Migrator& migrator) {
    const auto now = migrator.current(invocation.services().deadline());
    if (!now) return fail_with(now.error());
    print_version(invocation, "current", *now ? std::optional((*now)->name) : std::nullopt);
    return ExitCode::fine;
}

ExitCode heads(Invocation& invocation, catalog::Migrator& migrator) {
    for (const auto& head : migrator.heads()) print_version(invocation, "head", head.name);
    return ExitCode::fine;
}

ExitCode downgrade(Invocation& invocation, catalog::Migrator& migrator, int steps, bool yes) {
    if (!yes && !confirmed("Undo schema changes and lose the data of the tables they made?")) return ExitCode::fatal;
    const auto done = migrator.downgrade(steps, invocation.services().deadline());
    if (!done) return fail_with(done.error());
    print_steps(invocation, "undone", *done);
    return ExitCode::fine;
}

/// Catalog first: without its row a track is gone, and index entries without rows are swept away.
ExitCode reset(Invocation& invocation, catalog::Migrator& migrator, bool yes, int wait_seconds) {
    if (!yes && !confirmed("Empty the library, catalog and index?")) return ExitCode::fatal;
    Services& services = invocation.services();
    const auto lock = services.lock("audio-ident db reset", std::chrono::seconds(wait_seconds));
    if (!lock) return fail_with(lock.error());
    if (auto done = migrator.reset(services.deadline()); !done) return fail_with(done.error());
    if (auto done = services.erase_fingerprints(*lock); !done) return fail_with(done.error());
    if (invocation.json()) print_line(util::json_text(boost::json::object{{"reset", true}}));
    else print_line("the library is empty");
    return ExitCode::fine;
}

struct CopyArguments {
    std::string from;
    std::string to;
    int wait_seconds = 0;
};

/// The database that is not named is that of the settings, where passwords are safe.
ExitCode copy(Invocation& invocation, CopyArguments arguments) {
    if (arguments.from.empty() && arguments.to.empty()) {
        note("name one database with --from or --to; the other is the one of the settings");
        return ExitCode::usage;
    }
    for (auto* url : {&arguments.from, &arguments.to}) {
        if (util::mask_url(*url) != *url) {
            note(
                "other users of this machine can see the password on the command line; see `audio-ident db copy "
                "--help`");
        }
        if (url->empty()) *url = invocation.settings().catalog.url;
    }
    Services& services = invocation.services();
    const auto lock = services.lock("audio-ident db copy", std::chrono::seconds(arguments.wait_seconds));
    if (!lock) return fail_with(lock.error());
    const auto copied = services.copy_catalog(arguments.from, arguments.to);
    if (!copied) return fail_with(copied.error());
    if (invocation.json()) print_line(util::json_text(boost::json::object{{"copied", *copied}}));
    else print_line(fmt::format("copied {}", count_text(*copied, "track")));
    return ExitCode::fine;
}

void add_copy_command(CLI::App& db, Run& chosen) {
    auto* command = db.add_subcommand("copy", "Copy all tracks into another database that has none");
    auto arguments = std::make_shared<CopyArguments>();
    command
        ->add_option("--from", arguments->from,
                     "sqlite://PATH or postgresql://USER@HOST:PORT/NAME; if not given, the catalog of the settings")
        ->type_name("URL");
    command->add_option("--to", arguments->to, "The same; its schema is made where missing")->type_name("URL");
    command->footer(
        "Tracks keep their ids, so the fingerprint index stays as it is: nothing is analysed again. Name one database "
        "here;\n"
        "the other is that of POSTGRES_MODE and DATABASE_URL (or DATABASE_URL_FILE), in the environment or in .env. A "
        "password\n"
        "does not belong on the command line: of a URL without one it comes from PGPASSWORD or ~/.pgpass.\n\n"
        "Examples:\n"
        "  audio-ident db copy --from sqlite://$HOME/.local/share/audio-ident/catalog.db    to the server of the "
        "settings\n"
        "  audio-ident db copy --to postgresql://audio_ident@localhost:5432/audio_ident     password from ~/.pgpass");
    add_wait_option(*command, arguments->wait_seconds);
    command->callback([&chosen, arguments] {
        chosen = [arguments](Invocation& invocation) { return copy(invocation, *arguments); };
    });
}

}  // namespace

void add_db_command(CLI::App& root, Run& chosen) {
    auto* db = root.add_subcommand("db", "Create, change, check and empty the catalog's schema");
    db->require_subcommand(1);
    db->footer(
        "The embedded catalog is upgraded by `ingest` too; one on a server only by `db upgrade`.\n\n"
        "Examples:\n"
        "  audio-ident db current\n"
        "  audio-ident db upgrade\n"
        "  audio-ident db downgrade --steps 1\n"
        "  audio-ident db copy --from sqlite://PATH\n"
        "  audio-ident db reset            empty the library");
    add(*db, chosen, "upgrade", "Bring the schema to the newest version; makes the database", upgrade);
    add(*db, chosen, "current", "Show the schema's version", current);
    add(*db, chosen, "heads", "Show the newest version this program knows", heads);

    auto steps = std::make_shared<int>(1);
    auto yes = std::make_shared<bool>(false);
    auto wait = std::make_shared<int>(0);
    auto* down = add(*db, chosen, "downgrade", "Undo the newest schema changes, with their data",
                     [steps, yes](Invocation& invocation, catalog::Migrator& migrator) {
                         return downgrade(invocation, migrator, *steps, *yes);
                     });
    down->add_option("--steps", *steps, "How many (default 1)")->check(CLI::Range(1, 1000))->type_name("N");
    down->add_flag("--yes,-y", *yes, "Ask no question");
    auto* empty = add(*db, chosen, "reset", "Empty the library: catalog and index; audio files stay",
                      [yes, wait](Invocation& invocation, catalog::Migrator& migrator) {
                          return reset(invocation, migrator, *yes, *wait);
                      });
    empty->add_flag("--yes,-y", *yes, "Ask no question");
    add_wait_option(*empty, *wait);
    add_copy_command(*db, chosen);
}

}  // namespace audio_ident::cli
