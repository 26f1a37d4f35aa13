#pragma once

#include <string>
#include <string_view>

#include "library/identification.hpp"

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

}  // namespace audio_ident::cli
