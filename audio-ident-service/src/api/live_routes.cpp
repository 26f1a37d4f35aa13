#include "api/constraints.hpp"
#include "api/live_types.hpp"
#include "api/routes.hpp"
#include "http/error_mapping.hpp"
#include "http/openapi.hpp"
#include "library/live_stream.hpp"

namespace audio_ident::api {
namespace {

using http::CloseCode;
using http::Request;
using http::Said;

CloseCode close_code_of(const Error& error) {
    switch (error.kind) {
        case ErrorKind::invalid_input:
        case ErrorKind::unsupported: return CloseCode::unsupported_data;
        case ErrorKind::corrupt:
            return error.reason == Reason::unsupported_format ? CloseCode::unsupported_data : CloseCode::internal_error;
        case ErrorKind::not_available:
        case ErrorKind::timeout:
        case ErrorKind::internal: break;
    }
    return CloseCode::internal_error;
}

/// The live answer as texts of JSON.
class LiveTalk final : public http::Talk {
  public:
    explicit LiveTalk(std::unique_ptr<library::LiveStream> stream) : stream_(std::move(stream)) {}

    std::size_t give(std::span<const std::byte> bytes) override { return stream_->give(bytes); }
    void end() override { stream_->end(); }
    int input() const override { return stream_->input(); }
    int output() const override { return stream_->output(); }

    Said next() override {
        const auto told = stream_->take();
        if (!told) return refuse(told.error(), close_code_of(told.error()));
        Said said;
        for (const auto& named : told->events) said.texts.push_back(wire::live_text(wire::live_event(named)));
        if (told->over) {
            said.texts.push_back(wire::live_text(wire::live_finished(stream_->seconds(), stream_->plays())));
            said.close = CloseCode::normal;
        }
        return said;
    }
    Said refuse(const Error& error, CloseCode code) override {
        return {{wire::live_text(wire::live_error(stream_->seconds(), error))}, code};
    }

  private:
    std::unique_ptr<library::LiveStream> stream_;
};

Result<std::unique_ptr<http::Talk>> begin(library::Library& library, const Request& request) {
    const auto query = read_fields<wire::LiveQuery>(request.query);
    if (!query) return forward(query);
    std::optional<audio::RawFormat> raw;
    if (query->format) {
        raw.emplace();
        raw->samples = wire::sample_format_of(*query->format);
        raw->sample_rate_hz = static_cast<int>(query->rate);
        raw->channels = static_cast<int>(query->channels);
    }
    auto stream = library::LiveStream::open(library, "the sound", raw, {request.deadline});
    if (!stream) return forward(stream);
    return std::make_unique<LiveTalk>(std::move(*stream));
}

}  // namespace

std::vector<http::Route> live_routes(library::Library& library) {
    return {{.method = "GET",
             .pattern = "/api/v1/live",
             .work = http::Work::quick,
             .handle = [](const Request&) -> Result<http::Response> {
                 return Unexpected(
                     http::bad_request("this address takes a WebSocket; POST /api/v1/search takes a file"));
             },
             .talk = [&library](const Request& request) { return begin(library, request); },
             .describe =
                 [](http::Operation& operation) {
                     operation.summary("live", "Name what plays while it plays, over a WebSocket")
                         .query<wire::LiveQuery>()
                         .answers<wire::LiveEvent>(
                             101,
                             "The WebSocket is open. Send sound in binary messages, in any format that can be read as "
                             "it comes, or as the query says; an empty message ends it. Each text message from the "
                             "service is one of these events, with the fields that it has")
                         .fails({400, 403, 429, 503});
                 }}};
}

}  // namespace audio_ident::api
