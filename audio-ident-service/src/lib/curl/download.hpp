#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>

#include "core/deadline.hpp"
#include "core/result.hpp"

namespace audio_ident::curl {

/// Takes bytes that begin at `offset` of the file; a failure ends the download.
using DownloadSink = std::function<Result<void>(std::uint64_t offset, std::span<const std::byte> bytes)>;

/// GETs a file from byte `from` on, or from 0 when the server gives no parts: the sink's offset tells. Follows redirects.
/// Fails with the sink's error; not_available when the server cannot be reached, answers with another status, or the
/// connection breaks or stands still for a minute; timeout when the deadline passes or a stop is requested.
Result<void> download(const std::string& url, std::uint64_t from, const DownloadSink& sink, const Deadline& deadline);

}  // namespace audio_ident::curl
