#include "library/decode_clip.hpp"

#include <algorithm>

#include "library/identify.hpp"

namespace audio_ident::library {
namespace {

/// A codec's padding, by which a clip of the longest length may be longer.
constexpr double kPadding = 0.1;

Reason reason_of_decoding(const Error& error) {
    return error.kind == ErrorKind::not_available ? Reason::file_not_found : Reason::unsupported_format;
}

Unexpected refused(std::string message, Reason reason) {
    return Unexpected(Error{ErrorKind::invalid_input, std::move(message), reason});
}

}  // namespace

Result<void> decode_clip(const audio::Decoder& decoder, const audio::Source& clip, audio::DecodeOptions decode,
                         const IdentifyRequest& request, const audio::PcmSink& sink) {
    if (request.length == TooLong::refuse) {
        decode.max_claimed_seconds = kMaxSeconds + kPadding;
        if (decode.max_seconds >= kMaxSeconds) decode.max_seconds = kMaxSeconds + 2 * kPadding;
    }
    const auto decoded = decoder.decode(clip, decode, sink);
    if (!decoded) return Unexpected(search_error(decoded.error(), reason_of_decoding(decoded.error())));
    const double seconds = static_cast<double>(decoded->samples) / decode.sample_rate_hz;
    const double claimed = std::max(seconds, decoded->info.duration_seconds.value_or(0));
    if (request.length == TooLong::refuse && claimed > kMaxSeconds + kPadding) {
        return refused(fmt::format("the clip has more than {:g} s of audio; cut a part of it", kMaxSeconds),
                       Reason::audio_too_long);
    }
    if (seconds < request.min_seconds) {
        return refused(
            fmt::format("the clip has {:.2f} s of audio; at least {:g} s are needed", seconds, request.min_seconds),
            Reason::audio_too_short);
    }
    return {};
}

}  // namespace audio_ident::library
