#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include "api/live_types.hpp"
#include "audio/capture.hpp"
#include "cli/command.hpp"
#include "cli/live_text.hpp"
#include "cli/output.hpp"
#include "cli/text.hpp"
#include "library/live_stream.hpp"
#include "util/json.hpp"

namespace audio_ident::cli {
namespace {

using library::LiveStream;

struct ListenArguments {
    std::string source;  ///< "-" or empty
    std::string device;
    bool devices = false;
    bool once = false;
    std::string format;
    int rate = 44'100;
    int channels = 2;
};

/// Bytes that have been read and not given yet, from a pipe or a file.
class Reader {
  public:
    explicit Reader(int descriptor) : descriptor_(descriptor) {}

    bool ended() const { return ended_ && left_.empty(); }
    /// What to wait for: -1, while there is something to give.
    int descriptor() const { return left_.empty() && !ended_ ? descriptor_ : -1; }
    bool has_bytes() const { return !left_.empty(); }
    Result<void> read() {
        const ssize_t count = ::read(descriptor_, bytes_.data(), bytes_.size());
        if (count < 0 && errno != EINTR && errno != EAGAIN)
            return fail(ErrorKind::not_available, "the sound cannot be read: {}", std::strerror(errno));
        ended_ = count == 0;
        if (count > 0) left_ = std::span(bytes_).first(static_cast<std::size_t>(count));
        return {};
    }
    void give_to(LiveStream& stream) { left_ = left_.subspan(stream.give(left_)); }

  private:
    int descriptor_;
    std::array<std::byte, 16 * 1024> bytes_{};
    std::span<const std::byte> left_;
    bool ended_ = false;
};

/// Prints what the stream tells. False: enough was heard.
bool print(const LiveStream::Told& told, bool json, bool once) {
    bool found = false;
    for (const library::NamedEvent& named : told.events) {
        found = found || std::holds_alternative<live::Match>(named.event);
        if (json) print_line(api::wire::live_text(api::wire::live_event(named)));
        else if (const auto line = live_line(named); !line.empty()) print_line(line);
    }
    std::fflush(stdout);
    return !told.over && !(once && found);
}

/// Gives what comes from the descriptor to the stream until it ends, somebody stops it, or enough was heard.
Result<void> pump(Invocation& invocation, LiveStream& stream, int descriptor, bool once) {
    constexpr int kLookAtStop = 100;  // milliseconds
    Reader reader(descriptor);
    bool input_over = false;
    while (!invocation.stop().stop_requested()) {
        const int give_to = reader.has_bytes() && !input_over ? stream.input() : -1;
        pollfd news[3] = {
            {input_over ? -1 : reader.descriptor(), POLLIN, 0}, {give_to, POLLOUT, 0}, {stream.output(), POLLIN, 0}};
        if (::poll(news, 3, kLookAtStop) < 0 && errno != EINTR) break;
        if (news[0].revents != 0) {
            if (const auto read = reader.read(); !read) return forward(read);
        }
        if (reader.has_bytes() && !input_over) reader.give_to(stream);
        if (reader.ended() && !std::exchange(input_over, true)) stream.end();
        if (news[2].revents == 0) continue;
        const auto told = stream.take();
        if (!told) return forward(told);
        if (!print(*told, invocation.json(), once)) return {};
    }
    // Stopped by its user: what was heard so far is all.
    const auto told = stream.finish();
    if (told) print(*told, invocation.json(), once);
    return {};
}

ExitCode print_devices(bool json) {
    const auto sources = audio::capture_sources();
    if (!sources) return fail_with(sources.error());
    for (const auto& source : *sources) {
        const auto name = source.system + ":" + source.name;
        if (json) {
            print_line(util::json_text(
                {{"device", name}, {"description", source.description}, {"default", source.is_default}}));
        } else {
            print_line(fmt::format("{}{}{}", one_line(name), source.is_default ? "  (default)  " : "  ",
                                   one_line(source.description)));
        }
    }
    return ExitCode::fine;
}

ExitCode tell_failure(Invocation& invocation, const LiveStream* stream, const Error& error) {
    if (invocation.json())
        print_line(api::wire::live_text(api::wire::live_error(stream ? stream->seconds() : 0, error)));
    return fail_with(error);
}

ExitCode listen(Invocation& invocation, const ListenArguments& arguments) {
    if (arguments.devices) return print_devices(invocation.json());
    if (auto ready = invocation.library().check_searchable(invocation.deadline()); !ready)
        return fail_with(ready.error());
    std::optional<audio::RawFormat> raw;
    if (const auto samples = audio::sample_format(arguments.format))
        raw = audio::RawFormat{*samples, arguments.rate, arguments.channels};
    std::unique_ptr<audio::Capture> capture;
    if (arguments.source.empty()) {
        auto opened = audio::Capture::open(arguments.device);
        if (!opened) return fail_with(opened.error());
        capture = std::move(*opened);
        raw = capture->format();
        note("listening to {}; Ctrl-C ends it", one_line(capture->name()));
    }
    auto stream = LiveStream::open(invocation.library(), "the sound", raw, {});
    if (!stream) return fail_with(stream.error());
    const auto heard = pump(invocation, **stream, capture ? capture->output() : STDIN_FILENO, arguments.once);
    if (!heard) return tell_failure(invocation, stream->get(), heard.error());
    if (invocation.json())
        print_line(api::wire::live_text(api::wire::live_finished((*stream)->seconds(), (*stream)->plays())));
    else if ((*stream)->plays() == 0) print_line("nothing in the library was recognised");
    return ExitCode::fine;
}

std::optional<std::string> problem_of(const ListenArguments& arguments) {
    if (!arguments.source.empty() && arguments.source != "-")
        return "listen takes - for the standard input, or nothing for a microphone; for a file, use `audio-ident "
               "timeline` or redirect it: audio-ident listen - < FILE";
    if (arguments.source == "-" && !arguments.device.empty()) return "--device and - exclude each other";
    if (arguments.source != "-" && !arguments.format.empty()) return "--format is for the standard input: listen -";
    return std::nullopt;
}

void add_options(Command& command, ListenArguments& arguments) {
    command.add(
        {.names = "source",
         .into = &arguments.source,
         .help = "-: the standard input, in any audio format that can be read as it comes; default: a microphone",
         .type_name = "-"});
    command.add({.names = "--device",
                 .into = &arguments.device,
                 .help = "Record from this device instead of the default one",
                 .type_name = "pulse:NAME|alsa:NAME"});
    command.add({.names = "--devices", .into = &arguments.devices, .help = "List the devices, and listen to none"});
    command.add({.names = "--once", .into = &arguments.once, .help = "End with the first match"});
    command.add({.names = "--format",
                 .into = &arguments.format,
                 .help = "The standard input is samples without a header, interleaved",
                 .type_name = "FORMAT",
                 .one_of = {"s16le", "s24le", "s32le", "f32le"}});
    command.add({.names = "--rate",
                 .into = &arguments.rate,
                 .help = "With --format: samples a second; default 44100",
                 .type_name = "HZ",
                 .range = std::pair(audio::RawFormat::kMinRateHz, audio::RawFormat::kMaxRateHz)});
    command.add({.names = "--channels",
                 .into = &arguments.channels,
                 .help = "With --format; default 2",
                 .type_name = "N",
                 .range = std::pair(1, audio::RawFormat::kMaxChannels)});
}

}  // namespace

void add_listen_command(Command& root) {
    auto& command =
        root.add_command("listen", "Name what plays while it plays: from a microphone, a line-in or a pipe");
    auto arguments = std::make_shared<ListenArguments>();
    add_options(command, *arguments);
    command.problem = [arguments] { return problem_of(*arguments); };
    command.footer =
        "Prints a line when a track begins and when it ends; with --json, a line for everything that the live answer\n"
        "says (docs/live.md).\n"
        "Examples:\n"
        "  audio-ident listen                                          the default microphone, until Ctrl-C\n"
        "  audio-ident listen --once                                   what is this?\n"
        "  audio-ident listen --devices\n"
        "  arecord -f S16_LE -r 44100 -c 2 | audio-ident listen -\n"
        "  ffmpeg -v error -i https://radio.example/live -f wav - | audio-ident listen -\n"
        "  audio-ident listen - --format s16le --rate 48000 --channels 1 < samples.raw";
    command.run = [arguments](Invocation& invocation) { return listen(invocation, *arguments); };
}

}  // namespace audio_ident::cli
