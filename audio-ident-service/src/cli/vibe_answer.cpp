#include "cli/vibe_answer.hpp"

#include <boost/json/value_from.hpp>
#include <fmt/format.h>

#include "cli/output.hpp"
#include "cli/text.hpp"
#include "util/json.hpp"

namespace audio_ident::cli {

namespace {

constexpr std::size_t kShownTags = 3;

}  // namespace

boost::json::array vibe_json(std::span<const search::VibeMatch> matches, std::span<const catalog::Track> tracks) {
    boost::json::array array;
    for (std::size_t i = 0; i < matches.size(); ++i) {
        auto match = boost::json::value_from(matches[i]).as_object();
        match["track"].as_object()["file_path"] = tracks[i].file_path;
        array.push_back(std::move(match));
    }
    return array;
}

void print_vibe(std::span<const search::VibeMatch> matches, std::span<const catalog::Track> tracks,
                std::string_view indent) {
    for (std::size_t i = 0; i < matches.size(); ++i) {
        print_line(fmt::format("{}{}", indent, name_text(tracks[i])));
        print_line(fmt::format("{}  {:.0f} % similar, most at {} of {}", indent, matches[i].similarity * 100,
                               time_text(matches[i].best_moment_seconds.value_or(0)),
                               time_text(tracks[i].duration_seconds)));
        if (!tracks[i].tags.empty()) print_line(fmt::format("{}  {}", indent, tags_text(tracks[i].tags, kShownTags)));
        print_line(fmt::format("{}  {}", indent, one_line(tracks[i].file_path)));
    }
}

}  // namespace audio_ident::cli
