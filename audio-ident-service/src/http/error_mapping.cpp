#include "http/error_mapping.hpp"

#include <boost/json/object.hpp>

#include "util/json.hpp"
#include "util/utf8.hpp"

namespace audio_ident::http {
namespace {

void add_unless_there(Response& response, std::string_view name, std::string_view value) {
    if (!find_field(response.headers, name)) response.with(std::string(name), std::string(value));
}

}  // namespace

void write_error(Response& response, const ErrorMapping& mapping, const std::string& request_id) {
    if (!response.error) return;
    const auto [code, status] = mapping(*response.error);
    const boost::json::object envelope = {{"error",
                                           {{"code", code},
                                            {"message", util::sanitise_utf8(response.error->message)},
                                            {"details", {{"request_id", request_id}}}}}};
    response.status = status;
    response.error_code = code;
    response.body = util::json_text(envelope);
    response.headers.emplace(response.headers.begin(), "Content-Type", "application/json");
    if (status == 503) add_unless_there(response, "Retry-After", "2");
    if (status == 401) add_unless_there(response, "WWW-Authenticate", "Bearer");
}

Error bad_request(std::string message) {
    return {ErrorKind::invalid_input, std::move(message), {}};
}

Error not_found(std::string message) {
    return {ErrorKind::invalid_input, std::move(message), Reason::not_found};
}

}  // namespace audio_ident::http
