#pragma once

#include <string>
#include <string_view>

#include "library/identification.hpp"
#include "library/station_search.hpp"

namespace audio_ident::cli {

/// The answer for one clip.
struct ClipAnswer {
    std::string file;  ///< the clip, as the user named it
    Result<library::Identification> found;
};

/// One object on one line: the API's response, or an error, with the names of files.
std::string json_line(const ClipAnswer& answer, library::Mode mode);

enum class Heading { none, file };  ///< whether the clip's name stands above its answer

/// Prints the answer for people. Errors go to stderr.
void print_answer(const ClipAnswer& answer, library::Places places, Heading heading);

/// The same of a search for stations.
struct StationAnswer {
    std::string file;
    Result<library::StationMatches> found;
};
std::string json_line(const StationAnswer& answer);
void print_answer(const StationAnswer& answer, Heading heading);

}  // namespace audio_ident::cli
