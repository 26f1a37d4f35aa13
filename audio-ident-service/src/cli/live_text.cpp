#include "cli/live_text.hpp"

#include "cli/text.hpp"

namespace audio_ident::cli {

std::string live_line(const library::NamedEvent& named) {
    if (const auto* match = std::get_if<live::Match>(&named.event)) {
        const live::Play& play = match->play;
        return fmt::format("{}  begins  {} at {}, {}, after {:.1f} s", time_text(play.began_seconds),
                           name_text(named.tracks.front()), time_text(play.place_seconds),
                           confidence_text(play.confidence), match->needed_seconds);
    }
    if (const auto* end = std::get_if<live::End>(&named.event)) {
        const auto name = name_text(named.tracks.front());
        if (end->retracted)
            return fmt::format("{}  wrong   {}: it is something else", time_text(end->at_seconds), name);
        return fmt::format("{}  ends    {}, {}", time_text(end->ended_seconds), name,
                           duration_text(end->ended_seconds - end->play.began_seconds));
    }
    return {};
}

}  // namespace audio_ident::cli
