#pragma once

#include <boost/json/object.hpp>
#include <filesystem>

#include "core/result.hpp"

namespace audio_ident::util {

/// Writes one line of JSON to a file, see replace_file(): readers find the old text or the new, also after a power cut.
/// Fails with not_available.
Result<void> write_json_file(const std::filesystem::path& file, const boost::json::object& object);

}  // namespace audio_ident::util
