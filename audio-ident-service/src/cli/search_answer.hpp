#pragma once

#include <string>
#include <string_view>

#include "library/identification.hpp"

namespace audio_ident::cli {

/// What one clip gave.
struct ClipAnswer {
    std::string file;  ///< as it was named
    Result<library::Identification> found;
};

/// One object on one line: the API's response, or an error, with the names of files.
std::string json_line(const ClipAnswer& answer, library::Mode mode);

enum class Heading { none, file };  ///< whether the clip's name stands above its answer

/// The answer for people; an error goes to stderr.
void print_answer(const ClipAnswer& answer, library::Places places, Heading heading);

}  // namespace audio_ident::cli
