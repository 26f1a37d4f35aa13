#include "cli/sound_commands.hpp"

#include <limits>

#include "api/sound_types.hpp"
#include "cli/find_monitor.hpp"
#include "cli/text.hpp"
#include "library/keep_sound.hpp"
#include "util/json.hpp"

namespace audio_ident::cli {
namespace {

struct KeepArguments {
    std::string monitor;
    int number = 0;
    std::string title;
    std::string artist;
    int wait_seconds = 0;
};

std::string line_of(const api::wire::Sound& sound) {
    return fmt::format("unknown {:<6} {:>6}  {:>7.1f} s  {} – {}{}", sound.number, count_text(sound.plays, "play"),
                       sound.seconds, moment_text(sound.first_heard_at), moment_text(sound.last_heard_at),
                       sound.track_id    ? "  kept"
                       : sound.has_audio ? ""
                                         : "  no audio yet");
}

ExitCode sounds(Invocation& invocation, const std::string& name) {
    const monitor::SoundFiles files(invocation.settings().data_dir);
    return with_monitor(invocation, name, [&](catalog::MonitorStore& store, const catalog::MonitorRow& row) {
        const auto page = store.sounds(row.id, 0, std::numeric_limits<std::int64_t>::max(), invocation.deadline());
        if (!page) return fail_with(page.error());
        for (const auto& sound : page->sounds) {
            const bool has_audio = files.has(row.id, sound.row.id);
            const auto words = api::sound_of(sound, has_audio ? api::SoundAudio::present : api::SoundAudio::absent);
            print_line(invocation.json() ? util::json_text_of(words) : line_of(words));
        }
        if (!invocation.json()) note("{}", count_text(page->total, "sound"));
        return ExitCode::fine;
    });
}

ExitCode keep(Invocation& invocation, const KeepArguments& arguments) {
    const monitor::SoundFiles files(invocation.settings().data_dir);
    return with_monitor(invocation, arguments.monitor, [&](auto&, const catalog::MonitorRow& row) {
        library::SoundNames names{arguments.title};
        if (!arguments.artist.empty()) names.artist = arguments.artist;
        const auto added = library::keep_sound(invocation.library(), files, row.id, arguments.number, names,
                                               invocation.turn("audio-ident monitor keep", arguments.wait_seconds));
        if (!added) return fail_with(added.error());
        note("unknown {} is in the library {}: {}", arguments.number,
             added->as == library::Added::As::duplicate ? "already" : "now", name_text(added->track));
        if (invocation.json())
            print_line(util::json_text({{"number", arguments.number}, {"track_id", added->track.id.to_string()}}));
        return ExitCode::fine;
    });
}

}  // namespace

void add_sounds_command(Command& monitor) {
    auto& command = monitor.add_command("sounds", "List unknown sounds that a station plays again and again");
    auto which = std::make_shared<std::string>();
    add_monitor_argument(command, *which);
    command.run = [which](Invocation& invocation) { return sounds(invocation, *which); };
}

void add_keep_command(Command& monitor) {
    auto& command = monitor.add_command("keep", "Name an unknown sound and add it to the library");
    auto arguments = std::make_shared<KeepArguments>();
    add_monitor_argument(command, arguments->monitor);
    command.add({.names = "number",
                 .into = &arguments->number,
                 .help = "Number of the sound, from `audio-ident monitor sounds`",
                 .type_name = "N",
                 .range = std::pair(1, std::numeric_limits<int>::max()),
                 .required = true});
    command.add({.names = "--title",
                 .into = &arguments->title,
                 .help = "What it is",
                 .type_name = "TITLE",
                 .problem = [](const std::string& text) { return text.empty() ? "needs a title" : std::string(); },
                 .required = true});
    command.add({.names = "--artist", .into = &arguments->artist, .help = "Who plays it", .type_name = "ARTIST"});
    add_wait_option(command, arguments->wait_seconds);
    command.run = [arguments](Invocation& invocation) { return keep(invocation, *arguments); };
}

}  // namespace audio_ident::cli
