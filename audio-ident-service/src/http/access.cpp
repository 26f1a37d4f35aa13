#include "http/access.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <boost/algorithm/string/predicate.hpp>
#include <span>

#include "lib/openssl/sha256.hpp"

namespace audio_ident::http {
namespace {

using boost::algorithm::iequals;

bool contains(const std::vector<std::string>& list, std::string_view text) {
    return std::any_of(list.begin(), list.end(), [&](const auto& item) { return item == "*" || iequals(item, text); });
}

bool is_address(const std::string& text) {
    unsigned char bytes[16];
    return ::inet_pton(AF_INET, text.c_str(), bytes) == 1 || ::inet_pton(AF_INET6, text.c_str(), bytes) == 1;
}

/// "name" of "name:80", "::1" of "[::1]:80".
std::string host_name(std::string_view host) {
    if (host.starts_with('[')) return std::string(host.substr(1, host.find(']') - 1));
    return std::string(host.substr(0, host.find(':')));
}

bool is_own_name(const AccessRules& rules, std::string_view host) {
    const auto name = host_name(host);
    return is_address(name) || iequals(name, "localhost") || contains(rules.hosts, name);
}

/// Pages of this service send its own address, "http://name:17010".
bool is_own_origin(std::string_view origin, std::string_view host) {
    const auto scheme = origin.find("://");
    return scheme != std::string_view::npos && !host.empty() && iequals(origin.substr(scheme + 3), host);
}

std::string digest(std::string_view text) {
    openssl::Sha256 hash;
    hash.update(std::as_bytes(std::span(text)));
    return hash.finish();
}

/// Compares digests, which have the same length whatever was sent.
bool same_secret(std::string_view given, std::string_view secret) {
    const auto a = digest(given);
    const auto b = digest(secret);
    int difference = 0;
    for (std::size_t i = 0; i < a.size(); ++i) difference |= a[i] ^ b[i];
    return difference == 0;
}

Unexpected forbidden(std::string message) {
    return Unexpected(Error{ErrorKind::invalid_input, std::move(message), Reason::forbidden});
}

Result<void> check_site(const AccessRules& rules, const Request& request) {
    const auto host = request.header("host");
    if (!host.empty() && !is_own_name(rules, host)) {
        return forbidden(fmt::format("the host name {} is not allowed; add it to ALLOWED_HOSTS", host));
    }
    const auto origin = request.header("origin");
    if (!origin.empty()) {
        if (contains(rules.origins, origin) || is_own_origin(origin, host)) return {};
        return forbidden(fmt::format("the web site {} may not use this service; add it to CORS_ORIGINS", origin));
    }
    // Browsers send no Origin with what <img>, <audio> and links load.
    const bool is_page =
        request.header("sec-fetch-mode") == "navigate" && (request.method == "GET" || request.method == "HEAD");
    if (request.header("sec-fetch-site") == "cross-site" && !is_page) {
        return forbidden("another web site may not use this service through your browser");
    }
    return {};
}

}  // namespace

Result<void> check_access(const AccessRules& rules, const Request& request, Access access) {
    if (auto site = check_site(rules, request); !site) return site;
    if (access == Access::read || rules.write_key.empty()) return {};
    static constexpr std::string_view kScheme = "Bearer ";
    const auto header = request.header("authorization");
    const bool shown = header.size() > kScheme.size() && iequals(header.substr(0, kScheme.size()), kScheme);
    if (shown && same_secret(header.substr(kScheme.size()), rules.write_key)) return {};
    return Unexpected(Error{ErrorKind::invalid_input,
                            "this request needs the key: send Authorization: Bearer ADMIN_API_KEY",
                            Reason::unauthorized});
}

std::string allowed_origin(const AccessRules& rules, const Request& request) {
    const auto origin = request.header("origin");
    return !origin.empty() && contains(rules.origins, origin) ? std::string(origin) : std::string();
}

bool is_loopback(const std::string& address) {
    in_addr v4{};
    if (address == "localhost" || address == "::1") return true;
    return ::inet_pton(AF_INET, address.c_str(), &v4) == 1 && (ntohl(v4.s_addr) >> 24) == 127;
}

}  // namespace audio_ident::http
