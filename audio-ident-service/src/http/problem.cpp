#include "http/problem.hpp"

#include <boost/json/object.hpp>

#include "api/error_codes.hpp"
#include "util/json.hpp"
#include "util/utf8.hpp"

namespace audio_ident::http {
Response problem(const Error& error, const std::string& request_id) {
    const auto& row = api::error_code_of(error);
    boost::json::object envelope = {{"error",
                                     {{"code", row.code},
                                      {"message", util::sanitise_utf8(error.message)},
                                      {"details", {{"request_id", request_id}}}}}};
    Response response = json_response(util::json_text(envelope), row.status);
    response.error_code = row.code;
    if (row.status == 503) response.with("Retry-After", "2");
    if (row.status == 401) response.with("WWW-Authenticate", "Bearer");
    return response;
}

Error bad_request(std::string message) {
    return {ErrorKind::invalid_input, std::move(message), {}};
}

Error not_found(std::string message) {
    return {ErrorKind::invalid_input, std::move(message), Reason::not_found};
}

}  // namespace audio_ident::http
