#pragma once

#include <boost/json/object.hpp>
#include <filesystem>

#include "core/result.hpp"

namespace audio_ident::util {

/// Writes one line of JSON to a file, replacing it in one step: readers find the old text or the new. Fails with
/// not_available.
Result<void> write_json_file(const std::filesystem::path& file, const boost::json::object& object);

}  // namespace audio_ident::util
