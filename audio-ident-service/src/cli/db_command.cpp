#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "cli/command.hpp"
#include "cli/output.hpp"
#include "util/json.hpp"

namespace audio_ident::cli {
namespace {

ExitCode print_steps(const Invocation& invocation, std::string_view verb,
                     const Result<std::vector<std::string>>& migrations) {
    if (!migrations) return fail_with(migrations.error());
    if (invocation.json()) {
        boost::json::array names(migrations->begin(), migrations->end());
        print_line(util::json_text(boost::json::object{{verb, std::move(names)}}));
        return ExitCode::fine;
    }
    for (const auto& migration : *migrations) print_line(fmt::format("{} {}", verb, migration));
    if (migrations->empty()) print_line("nothing to do");
    return ExitCode::fine;
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
Command& add(Command& db, const std::string& name, const std::string& help,
             std::function<ExitCode(Invocation&)> action) {
    auto& command = db.add_command(name, help);
    command.run = std::move(action);
    return command;
}

ExitCode upgrade(Invocation& invocation) {
    return print_steps(invocation, "applied", invocation.library().upkeep().upgrade_schema(invocation.deadline()));
}

ExitCode current(Invocation& invocation) {
    const auto schema = invocation.library().upkeep().schema(invocation.deadline());
    if (!schema) return fail_with(schema.error());
    print_version(invocation, "current", schema->current);
    return ExitCode::fine;
}

ExitCode heads(Invocation& invocation) {
    const auto head = invocation.library().upkeep().newest_schema();
    if (!head) return fail_with(head.error());
    print_version(invocation, "head", *head);
    return ExitCode::fine;
}

ExitCode downgrade(Invocation& invocation, int steps, bool yes) {
    if (!yes && !confirmed("Undo schema changes and lose the data of the tables they made?")) return ExitCode::fatal;
    return print_steps(invocation, "undone",
                       invocation.library().upkeep().downgrade_schema(steps, invocation.deadline()));
}

ExitCode reset(Invocation& invocation, bool yes, int wait_seconds) {
    if (!yes && !confirmed("Empty the library (catalog and index)? The audio files stay.")) return ExitCode::fatal;
    const auto done = invocation.library().upkeep().reset(invocation.turn("audio-ident db reset", wait_seconds));
    if (!done) return fail_with(done.error());
    if (invocation.json()) print_line(util::json_text(boost::json::object{{"reset", true}}));
    else print_line("the library is empty");
    return ExitCode::fine;
}

void add_schema_commands(Command& db) {
    add(db, "upgrade", "Upgrade the schema to the newest version, and create the database if needed", upgrade);
    add(db, "current", "Show the schema's version", current);
    add(db, "heads", "Show the newest version that this program knows", heads);
    auto steps = std::make_shared<int>(1);
    auto yes = std::make_shared<bool>(false);
    auto& down = add(db, "downgrade", "Undo the newest schema changes, and lose their data",
                     [steps, yes](Invocation& invocation) { return downgrade(invocation, *steps, *yes); });
    down.add({.names = "--steps",
              .into = steps.get(),
              .help = "Number of changes to undo (default 1)",
              .type_name = "N",
              .range = std::pair(1, 1000)});
    down.add({.names = "--yes,-y", .into = yes.get(), .help = "Do not ask"});
}

void add_reset_command(Command& db) {
    auto yes = std::make_shared<bool>(false);
    auto wait = std::make_shared<int>(0);
    auto& command = add(db, "reset", "Empty the library (catalog and index); audio files stay",
                        [yes, wait](Invocation& invocation) { return reset(invocation, *yes, *wait); });
    command.add({.names = "--yes,-y", .into = yes.get(), .help = "Do not ask"});
    add_wait_option(command, *wait);
}

}  // namespace

void add_db_command(Command& root) {
    auto& db =
        root.add_command("db", "Manage the library's stores: schema of the catalog, copies of a library, a reset");
    db.footer =
        "`ingest` also upgrades an embedded catalog. A catalog on a server is only upgraded by `db upgrade`.\n\n"
        "Examples:\n"
        "  audio-ident db current\n"
        "  audio-ident db upgrade\n"
        "  audio-ident db downgrade --steps 1\n"
        "  audio-ident db copy --from embedded --to postgresql://audio_ident@localhost:5432/audio_ident\n"
        "  audio-ident db reset            empty the library";
    add_schema_commands(db);
    add_reset_command(db);
    add_copy_command(db);
}

}  // namespace audio_ident::cli
