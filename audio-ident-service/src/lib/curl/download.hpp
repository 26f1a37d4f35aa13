#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>

#include "core/deadline.hpp"
#include "core/result.hpp"

namespace audio_ident::curl {

/// Takes bytes of the file starting at `offset`. A failure ends the download.
using DownloadSink = std::function<Result<void>(std::uint64_t offset, std::span<const std::byte> bytes)>;

/// Downloads a file with GET, starting at byte `from`; starts at 0 when the server does not support ranges, which the
/// sink sees in `offset`. Follows redirects.
/// Fails with the sink's error; with not_available when the server cannot be reached, answers with another status, or
/// the connection breaks or stalls for a minute; with timeout when the deadline passes or a stop is requested.
Result<void> download(const std::string& url, std::uint64_t from, const DownloadSink& sink, const Deadline& deadline);

}  // namespace audio_ident::curl
