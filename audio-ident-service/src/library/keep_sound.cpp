#include "library/keep_sound.hpp"

#include "library/stored_changes.hpp"

namespace audio_ident::library {
namespace {

/// The track that the sound was kept as, unless it was removed again.
Result<std::optional<catalog::Track>> kept_as(Library& library, const catalog::SoundRow& row,
                                              const Deadline& deadline) {
    if (!row.track) return std::nullopt;
    return library.find(*row.track, deadline);
}

}  // namespace

Unexpected no_audio_yet(std::int64_t number) {
    return Unexpected(
        Error{ErrorKind::not_available,
              fmt::format("there is no audio of unknown {} yet; it will be there within some minutes after "
                          "the station has played it again while the service listens",
                          number),
              Reason::not_finished});
}

Result<Added> keep_sound(Library& library, const monitor::SoundFiles& files, const Uuid& monitor, std::int64_t number,
                         const SoundNames& names, const Turn& turn) {
    const auto store = library.monitors(store_deadline(turn.stop));
    if (!store) return forward(store);
    const auto sound = (*store)->find_sound(monitor, number, store_deadline(turn.stop));
    if (!sound) return forward(sound);
    if (!*sound)
        return Unexpected(
            Error{ErrorKind::invalid_input, fmt::format("the monitor has no sound {}", number), Reason::not_found});
    const auto& row = (*sound)->row;
    const auto kept = kept_as(library, row, store_deadline(turn.stop));
    if (!kept) return forward(kept);
    if (*kept) return fail(ErrorKind::invalid_input, "unknown {} was kept already, as \"{}\"", number, (*kept)->title);
    if (!files.has(monitor, row.id)) return no_audio_yet(number);
    constexpr double kAll = 1e6;  // seconds
    auto added = library.learn(files.file(monitor, row.id), {0, kAll, names.title, names.artist}, turn);
    if (!added) return added;
    // Later than the track, which stays whatever happens here.
    const auto noted = (*store)->keep_sound(row.id, added->track.id, store_deadline(turn.stop));
    if (!noted) return forward(noted);
    return added;
}

}  // namespace audio_ident::library
