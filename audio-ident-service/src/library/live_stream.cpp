#include "library/live_stream.hpp"

#include <iterator>

#include "library/library.hpp"
#include "search/exact_lane.hpp"

namespace audio_ident::library {

Result<std::unique_ptr<LiveStream>> LiveStream::open(Library& library, const std::string& name,
                                                     const std::optional<audio::RawFormat>& raw,
                                                     const ListenRequest& request) {
    auto answer = library.listen(request);
    if (!answer) return forward(answer);
    audio::DecodeOptions options;
    options.sample_rate_hz = fingerprint::kSampleRateHz;
    auto decoding = library.decoder().decode_stream(name, options);
    if (!decoding) return forward(decoding);
    std::unique_ptr<LiveStream> stream(new LiveStream(std::move(*decoding), std::move(*answer)));
    if (raw) stream->header_ = audio::caf_header(*raw);
    return stream;
}

std::size_t LiveStream::give(std::span<const std::byte> bytes) {
    if (!header_.empty()) {
        const auto taken = decoding_->give(header_).value_or(header_.size());
        header_.erase(header_.begin(), header_.begin() + static_cast<std::ptrdiff_t>(taken));
        if (!header_.empty()) return 0;
    }
    return decoding_->give(bytes).value_or(bytes.size());
}

void LiveStream::end() {
    decoding_->end();
}

Result<void> LiveStream::add(Result<std::vector<NamedEvent>> events, Told& told) {
    if (!events) return forward(events);
    for (const NamedEvent& named : *events) {
        if (std::holds_alternative<live::Match>(named.event)) ++plays_;
        if (const auto* end = std::get_if<live::End>(&named.event); end && end->retracted) --plays_;
    }
    std::move(events->begin(), events->end(), std::back_inserter(told.events));
    return {};
}

Result<LiveStream::Told> LiveStream::take() {
    Told told;
    Result<void> heard;
    auto ended = decoding_->take([&](std::span<const float> samples) {
        samples_ += static_cast<std::int64_t>(samples.size());
        if (heard) heard = add(answer_->consume(samples), told);
    });
    if (!heard) return forward(heard);
    if (!ended) {
        Error error = ended.error();
        if (error.reason == Reason::unspecified) error.reason = Reason::unsupported_format;
        return Unexpected(std::move(error));
    }
    if (!*ended) return told;
    auto last = finish();
    if (!last) return last;
    std::move(last->events.begin(), last->events.end(), std::back_inserter(told.events));
    told.over = true;
    return told;
}

Result<LiveStream::Told> LiveStream::finish() {
    if (seconds() < search::kShortestClipSeconds) {
        return Unexpected(Error{ErrorKind::invalid_input,
                                fmt::format("there were {:.2f} s of sound; at least {} s are needed", seconds(),
                                            search::kShortestClipSeconds),
                                Reason::audio_too_short});
    }
    Told told{.over = true};
    if (auto added = add(answer_->finish(), told); !added) return forward(added);
    return told;
}

}  // namespace audio_ident::library
