#include "http/request_header.hpp"

#include "http/error_mapping.hpp"
#include "http/query.hpp"

namespace audio_ident::http {
namespace {

/// Path and query of a target, which may be in the absolute form that proxies send.
std::string_view without_host(std::string_view target) {
    if (!target.starts_with("http://")) return target;
    const auto slash = target.find('/', 7);
    return slash == std::string_view::npos ? "/" : target.substr(slash);
}

std::string lower_case(std::string name) {
    for (char& c : name) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
    return name;
}

}  // namespace

Result<void> read_request_header(const boost::beast::http::request_header<>& header, Request& request) {
    request.method = std::string(header.method_string());
    const auto target = without_host({header.target().data(), header.target().size()});
    const auto question = target.find('?');
    auto path = percent_decode(target.substr(0, question), Plus::plain);
    auto query = parse_query(question == std::string_view::npos ? std::string_view() : target.substr(question + 1));
    for (const auto& field : header) {
        request.headers.emplace_back(lower_case(std::string(field.name_string())), std::string(field.value()));
    }
    request.path = path.value_or(std::string(target.substr(0, 200)));
    if (!path || !path->starts_with('/')) return Unexpected(bad_request("the path is not valid"));
    if (!query) return Unexpected(bad_request("the query is malformed: percent-encode it as UTF-8"));
    request.query = std::move(*query);
    if (header.version() >= 11 && header.count(boost::beast::http::field::host) != 1) {
        return Unexpected(bad_request("the request needs one Host header"));
    }
    return {};
}

}  // namespace audio_ident::http
