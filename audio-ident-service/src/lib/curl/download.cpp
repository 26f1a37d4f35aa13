#include "lib/curl/download.hpp"

#include <curl/curl.h>
#include <memory>

#include "lib/curl/start.hpp"

namespace audio_ident::curl {

namespace {

constexpr long kOk = 200;
constexpr long kPart = 206;
constexpr long kNoSuchPart = 416;
constexpr long kConnectMilliseconds = 10000;
constexpr long kStillSeconds = 60;

struct Transfer {
    CURL* handle = nullptr;
    std::uint64_t from = 0;
    std::uint64_t taken = 0;
    const DownloadSink* sink = nullptr;
    const Deadline* deadline = nullptr;
    Result<void> result;

    long status() const {
        long code = 0;
        curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &code);
        return code;
    }
};

std::size_t take(const char* data, std::size_t size, std::size_t count, void* to) {
    auto& transfer = *static_cast<Transfer*>(to);
    const std::size_t bytes = size * count;
    const long status = transfer.status();
    if (status != kOk && status != kPart) return bytes;  // An error page. Its text is not the file.
    const std::uint64_t offset = (status == kPart ? transfer.from : 0) + transfer.taken;
    transfer.result = (*transfer.sink)(offset, std::as_bytes(std::span(data, bytes)));
    transfer.taken += bytes;
    return transfer.result ? bytes : 0;
}

int stop_requested(void* to, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
    return static_cast<Transfer*>(to)->deadline->expired() ? 1 : 0;
}

}  // namespace

Result<void> download(const std::string& url, std::uint64_t from, const DownloadSink& sink, const Deadline& deadline) {
    start();
    const std::unique_ptr<CURL, void (*)(CURL*)> handle(curl_easy_init(), curl_easy_cleanup);
    if (!handle) return fail(ErrorKind::internal, "cannot send the request: out of memory");
    Transfer transfer{handle.get(), from, 0, &sink, &deadline, {}};
    const std::string range = std::to_string(from) + "-";
    CURL* const h = handle.get();
    curl_easy_setopt(h, CURLOPT_URL, url.c_str());
    if (from > 0) curl_easy_setopt(h, CURLOPT_RANGE, range.c_str());
    curl_easy_setopt(h, CURLOPT_FOLLOWLOCATION, 1L);
    curl_easy_setopt(h, CURLOPT_MAXREDIRS, 8L);
    curl_easy_setopt(h, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(h, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(h, CURLOPT_CONNECTTIMEOUT_MS, kConnectMilliseconds);
    curl_easy_setopt(h, CURLOPT_LOW_SPEED_LIMIT, 1L);
    curl_easy_setopt(h, CURLOPT_LOW_SPEED_TIME, kStillSeconds);
    curl_easy_setopt(h, CURLOPT_WRITEFUNCTION, &take);
    curl_easy_setopt(h, CURLOPT_WRITEDATA, &transfer);
    curl_easy_setopt(h, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(h, CURLOPT_XFERINFOFUNCTION, &stop_requested);
    curl_easy_setopt(h, CURLOPT_XFERINFODATA, &transfer);
    const CURLcode code = curl_easy_perform(h);
    if (!transfer.result) return transfer.result;
    if (deadline.expired()) return fail(ErrorKind::timeout, "stopped while downloading {}", url);
    if (code != CURLE_OK)
        return fail(ErrorKind::not_available, "cannot download {}: {}", url, curl_easy_strerror(code));
    const long status = transfer.status();
    if (status == kNoSuchPart && from > 0) return download(url, 0, sink, deadline);
    if (status == kOk || status == kPart) return {};
    return fail(ErrorKind::not_available, "cannot download {}: the server answered {}", url, status);
}

}  // namespace audio_ident::curl
