#pragma once

#include <filesystem>
#include <string>

#include "core/result.hpp"
#include "http/message.hpp"

namespace audio_ident::http {

/// A file as the response to `request`: the whole file (200), a range of it (206), or nothing because the client has it
/// already (304). A range beyond the end is a response that reports the failure (416). The ETag follows from the file's
/// size and modification time. Fails with not_available when the file cannot be opened; the message is the cause alone.
Result<Response> file_response(const std::filesystem::path& path, const std::string& media_type,
                               const Request& request);

}  // namespace audio_ident::http
