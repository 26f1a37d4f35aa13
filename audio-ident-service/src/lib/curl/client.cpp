#include "lib/curl/client.hpp"

#include <algorithm>
#include <chrono>
#include <curl/curl.h>

namespace audio_ident::curl {

namespace {

constexpr long kConnectMilliseconds = 5000;

/// The body of a reply, up to a length.
struct Reading {
    std::string& body;
    std::size_t most;
    bool is_full = false;
};

std::size_t append(const char* data, std::size_t size, std::size_t count, void* into) {
    auto& reading = *static_cast<Reading*>(into);
    const auto room = reading.most - reading.body.size();
    reading.is_full = size * count > room;
    reading.body.append(data, std::min(room, size * count));
    return reading.is_full ? 0 : size * count;
}

int stop_requested(void* deadline, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
    return static_cast<const Deadline*>(deadline)->stop_requested() ? 1 : 0;
}

long milliseconds_left(const Deadline& deadline) {
    using std::chrono::milliseconds;
    constexpr milliseconds kLongest = std::chrono::hours(24);
    if (deadline.remaining() > kLongest) return kLongest.count();
    return std::max(1L, static_cast<long>(std::chrono::duration_cast<milliseconds>(deadline.remaining()).count()));
}

struct HeaderList {
    curl_slist* list = nullptr;
    ~HeaderList() { curl_slist_free_all(list); }
    void add(const std::string& header) { list = curl_slist_append(list, header.c_str()); }
};

}  // namespace

Result<Reply> Client::send(const std::string& method, const std::string& url, const std::string& body,
                           const Deadline& deadline, const std::vector<std::string>& more_headers) {
    if (deadline.expired()) return fail(ErrorKind::timeout, "the deadline passed before the request was sent");
    CURL* handle = handles_.take();
    if (!handle) return fail(ErrorKind::internal, "cannot send the request: out of memory");
    Reply reply;
    Reading reading{reply.body, most_reply_bytes_};
    HeaderList headers;
    for (const std::string& header : headers_) headers.add(header);
    for (const std::string& header : more_headers) headers.add(header);
    curl_easy_setopt(handle, CURLOPT_URL, url.c_str());
    curl_easy_setopt(handle, CURLOPT_CUSTOMREQUEST, method.c_str());
    curl_easy_setopt(handle, CURLOPT_HTTPHEADER, headers.list);
    curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(handle, CURLOPT_CONNECTTIMEOUT_MS, kConnectMilliseconds);
    curl_easy_setopt(handle, CURLOPT_TIMEOUT_MS, milliseconds_left(deadline));
    curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, &append);
    curl_easy_setopt(handle, CURLOPT_WRITEDATA, &reading);
    curl_easy_setopt(handle, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(handle, CURLOPT_XFERINFOFUNCTION, &stop_requested);
    curl_easy_setopt(handle, CURLOPT_XFERINFODATA, &deadline);
    if (!body.empty()) {
        curl_easy_setopt(handle, CURLOPT_POSTFIELDS, body.data());
        curl_easy_setopt(handle, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body.size()));
    }
    const CURLcode code = curl_easy_perform(handle);
    curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &reply.status);
    handles_.give_back(handle);
    if (code == CURLE_OK || reading.is_full) return reply;
    const bool late = deadline.expired() && (code == CURLE_OPERATION_TIMEDOUT || code == CURLE_ABORTED_BY_CALLBACK);
    return fail(late ? ErrorKind::timeout : ErrorKind::not_available, "{}", curl_easy_strerror(code));
}

}  // namespace audio_ident::curl
