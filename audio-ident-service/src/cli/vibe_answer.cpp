#include "cli/vibe_answer.hpp"

#include <boost/json/value_from.hpp>
#include <fmt/format.h>

#include "api/search_types.hpp"
#include "cli/output.hpp"
#include "cli/text.hpp"
#include "util/json.hpp"

namespace audio_ident::cli {
namespace {

constexpr std::size_t kShownTags = 3;

}  // namespace

boost::json::array vibe_json(const library::SoundMatches& matches) {
    boost::json::array array;
    for (const auto& match : matches.matches) {
        auto object = boost::json::value_from(api::wire::vibe_match(match, matches.model)).as_object();
        object["track"].as_object()["file_path"] = match.track.file_path;
        array.push_back(std::move(object));
    }
    return array;
}

void print_vibe(const library::SoundMatches& matches, std::string_view indent) {
    for (const auto& [sound, track] : matches.matches) {
        print_line(fmt::format("{}{}", indent, name_text(track)));
        print_line(fmt::format("{}  {:.0f} % similar, most at {} of {}", indent, sound.similarity * 100,
                               time_text(sound.best_moment_seconds), time_text(track.duration_seconds)));
        if (!track.tags.empty()) print_line(fmt::format("{}  {}", indent, tags_text(track.tags, kShownTags)));
        print_line(fmt::format("{}  {}", indent, one_line(track.file_path)));
    }
}

}  // namespace audio_ident::cli
