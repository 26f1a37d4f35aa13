#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace audio_ident::curl {

// The texts of S3's protocol.

/// The texts between <tag> and </tag>, in order, with XML's references replaced.
std::vector<std::string> s3_elements(std::string_view xml, std::string_view tag);

/// Seconds with up to nine decimals ("1764450000.25"), as x-amz-meta-mtime has them, to nanoseconds and back.
std::optional<std::int64_t> s3_time(std::string_view text);
std::string s3_time_text(std::int64_t nanoseconds);

}  // namespace audio_ident::curl
