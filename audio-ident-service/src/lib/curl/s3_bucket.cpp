#include "lib/curl/s3_bucket.hpp"

#include <algorithm>
#include <boost/algorithm/string/predicate.hpp>
#include <boost/algorithm/string/trim.hpp>
#include <cerrno>
#include <chrono>
#include <curl/curl.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

#include "lib/curl/s3_text.hpp"
#include "util/descriptor.hpp"
#include "util/url.hpp"
#include "util/wait_for_stop.hpp"

namespace audio_ident::curl {

namespace {

constexpr int kTries = 3;
constexpr std::chrono::milliseconds kFirstPause{100};
constexpr int kLongerPause = 4;
constexpr long kConnectMilliseconds = 3000;
constexpr long kShortMilliseconds = 10'000;  // of a request without much of a body
constexpr long kStillSeconds = 10;           // of one with a body
constexpr std::size_t kMostText = 4 << 20;   // of a list or an error
constexpr std::int64_t kNanoseconds = 1'000'000'000;
constexpr long kNotFound = 404;
constexpr const char* kNothing = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";  // its SHA-256

enum class Method { get, head, put, remove };

const char* name_of(Method method) {
    switch (method) {
        case Method::get: return "GET";
        case Method::head: return "HEAD";
        case Method::put: return "PUT";
        case Method::remove: break;
    }
    return "DELETE";
}

struct HeaderList {
    curl_slist* list = nullptr;
    ~HeaderList() { curl_slist_free_all(list); }
    void add(const std::string& header) { list = curl_slist_append(list, header.c_str()); }
};

/// A file on its way to the server.
struct Sending {
    util::Descriptor file;
    std::uint64_t at = 0;
    int error = 0;
};

std::size_t read_some(char* into, std::size_t size, std::size_t count, void* from) {
    auto& sending = *static_cast<Sending*>(from);
    ssize_t got = 0;
    do {
        got = ::pread(sending.file.get(), into, size * count, static_cast<off_t>(sending.at));
    } while (got < 0 && errno == EINTR);
    if (got < 0) {
        sending.error = errno;
        return CURL_READFUNC_ABORT;
    }
    sending.at += static_cast<std::uint64_t>(got);
    return static_cast<std::size_t>(got);
}

int go_back(void* from, curl_off_t offset, int origin) {
    if (origin != SEEK_SET) return CURL_SEEKFUNC_CANTSEEK;
    static_cast<Sending*>(from)->at = static_cast<std::uint64_t>(offset);
    return CURL_SEEKFUNC_OK;
}

/// An answer on its way from the server: to a sink, or, when there is none or the answer is an error, to a text.
struct Receiving {
    CURL* handle = nullptr;
    const std::function<Result<S3Bucket::Sink>()>* begin = nullptr;
    S3Bucket::Sink sink = {};
    Result<void> sunk = {};
    std::string text = {};
    std::optional<std::int64_t> modified_ns = {};
    std::optional<std::int64_t> stored_ns = {};

    long status() const {
        long code = 0;
        curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &code);
        return code;
    }
    bool begin_sink() {
        if (sink || !begin) return true;
        auto made = (*begin)();
        if (made) sink = std::move(*made);
        else sunk = forward(made);
        return made.has_value();
    }
};

std::size_t take(const char* data, std::size_t size, std::size_t count, void* to) {
    auto& receiving = *static_cast<Receiving*>(to);
    const std::size_t bytes = size * count;
    if (!receiving.begin || receiving.status() / 100 != 2) {
        receiving.text.append(data, std::min(bytes, kMostText - std::min(kMostText, receiving.text.size())));
        return bytes;
    }
    if (!receiving.begin_sink()) return 0;
    receiving.sunk = receiving.sink(std::as_bytes(std::span(data, bytes)));
    return receiving.sunk ? bytes : 0;
}

std::size_t take_header(const char* data, std::size_t size, std::size_t count, void* to) {
    auto& receiving = *static_cast<Receiving*>(to);
    const std::string line(data, size * count);
    const auto value = [&](const char* name) -> std::optional<std::string> {
        if (!boost::algorithm::istarts_with(line, name)) return std::nullopt;
        return boost::algorithm::trim_copy(line.substr(std::char_traits<char>::length(name)));
    };
    if (const auto time = value("x-amz-meta-mtime:")) receiving.modified_ns = s3_time(*time);
    if (const auto time = value("last-modified:")) {
        const auto seconds = curl_getdate(time->c_str(), nullptr);
        if (seconds > 0) receiving.stored_ns = seconds * kNanoseconds;
    }
    return size * count;
}

int stop_requested(void* deadline, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
    return static_cast<const Deadline*>(deadline)->expired() ? 1 : 0;
}

long milliseconds_left(const Deadline& deadline, long most) {
    using std::chrono::milliseconds;
    if (deadline.remaining() > milliseconds(most)) return most;
    return std::max(1L, static_cast<long>(std::chrono::duration_cast<milliseconds>(deadline.remaining()).count()));
}

/// Whether the same request may succeed in a moment.
bool may_pass(CURLcode code) {
    switch (code) {
        case CURLE_COULDNT_CONNECT:
        case CURLE_GOT_NOTHING:
        case CURLE_PARTIAL_FILE:
        case CURLE_RECV_ERROR:
        case CURLE_SEND_ERROR:
        case CURLE_SEND_FAIL_REWIND: return true;
        default: return false;
    }
}

/// What to do about an error that the server names.
std::string_view way_out(std::string_view code) {
    if (code == "NoSuchBucket") return "; make the bucket, or name another one";
    if (code == "SignatureDoesNotMatch") return "; check the secret key, and that the region is the bucket's";
    if (code == "InvalidAccessKeyId" || code == "XAdminUserNotFound") return "; check the access key";
    if (code == "AuthorizationHeaderMalformed" || code == "PermanentRedirect") return "; check the bucket's region";
    if (code == "RequestTimeTooSkewed") return "; set this machine's clock";
    if (code == "AccessDenied") return "; give this key the right to list, get, put and delete objects there";
    return "";
}

std::string system_message(int error) {
    return std::error_code(error, std::generic_category()).message();
}

}  // namespace

struct S3Bucket::Request {
    Method method = Method::get;
    std::string url;
    std::vector<std::string> headers = {};
    std::string sha256 = kNothing;
    const std::filesystem::path* body = nullptr;
    std::uint64_t body_bytes = 0;
    const std::function<Result<Sink>()>* begin = nullptr;
    bool is_short = true;
};

struct S3Bucket::Answer {
    long status = 0;
    std::string text;
    std::uint64_t bytes = 0;
    std::int64_t modified_ns = 0;

    bool found() const { return status != kNotFound; }
    S3Object object() const { return {bytes, modified_ns}; }
};

std::string S3Bucket::text() const {
    return fmt::format("s3://{}{}{} at {}", address_.bucket, address_.prefix.empty() ? "" : "/",
                       address_.prefix.substr(0, address_.prefix.find_last_not_of('/') + 1),
                       util::mask_url(address_.endpoint));
}

std::string S3Bucket::url_of(const std::string& name) const {
    const auto path = util::percent_encoded(address_.prefix + name, "/");
    if (address_.style == S3Style::path) return fmt::format("{}/{}/{}", address_.endpoint, address_.bucket, path);
    const auto host = util::url_scheme(address_.endpoint).size() + 3;
    return fmt::format("{}{}.{}/{}", address_.endpoint.substr(0, host), address_.bucket, address_.endpoint.substr(host),
                       path);
}

Result<S3Bucket::Answer> S3Bucket::send_once(const Request& request, const Deadline& deadline, bool& again) {
    CURL* handle = handles_.take();
    if (!handle) return fail(ErrorKind::internal, "cannot send the request: out of memory");
    struct GiveBack {
        HandlePool& handles;
        CURL* handle;
        ~GiveBack() { handles.give_back(handle); }
    } const give_back{handles_, handle};
    Sending sending;
    Receiving receiving{.handle = handle, .begin = request.begin};
    HeaderList headers;
    for (const auto& header : request.headers) headers.add(header);
    headers.add("x-amz-content-sha256: " + request.sha256);
    const auto provider = fmt::format("aws:amz:{}:s3", address_.region);
    curl_easy_setopt(handle, CURLOPT_URL, request.url.c_str());
    curl_easy_setopt(handle, CURLOPT_PATH_AS_IS, 1L);  // what is signed is what is sent
    curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(handle, CURLOPT_AWS_SIGV4, provider.c_str());
    curl_easy_setopt(handle, CURLOPT_USERNAME, address_.access_key.c_str());
    curl_easy_setopt(handle, CURLOPT_PASSWORD, address_.secret_key.c_str());
    curl_easy_setopt(handle, CURLOPT_HTTPHEADER, headers.list);
    curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(handle, CURLOPT_CONNECTTIMEOUT_MS, kConnectMilliseconds);
    if (request.is_short) {
        curl_easy_setopt(handle, CURLOPT_TIMEOUT_MS, milliseconds_left(deadline, kShortMilliseconds));
    } else {
        curl_easy_setopt(handle, CURLOPT_LOW_SPEED_LIMIT, 1L);
        curl_easy_setopt(handle, CURLOPT_LOW_SPEED_TIME, kStillSeconds);
    }
    curl_easy_setopt(handle, CURLOPT_HEADERFUNCTION, &take_header);
    curl_easy_setopt(handle, CURLOPT_HEADERDATA, &receiving);
    curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, &take);
    curl_easy_setopt(handle, CURLOPT_WRITEDATA, &receiving);
    curl_easy_setopt(handle, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(handle, CURLOPT_XFERINFOFUNCTION, &stop_requested);
    curl_easy_setopt(handle, CURLOPT_XFERINFODATA, &deadline);
    if (request.method == Method::head) curl_easy_setopt(handle, CURLOPT_NOBODY, 1L);
    if (request.method == Method::remove) curl_easy_setopt(handle, CURLOPT_CUSTOMREQUEST, "DELETE");
    if (request.method == Method::put) {
        sending.file = util::Descriptor(::open(request.body->c_str(), O_RDONLY | O_CLOEXEC));
        if (!sending.file)
            return fail(ErrorKind::not_available, "cannot read {}: {}", request.body->string(), system_message(errno));
        curl_easy_setopt(handle, CURLOPT_UPLOAD, 1L);
        curl_easy_setopt(handle, CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(request.body_bytes));
        curl_easy_setopt(handle, CURLOPT_READFUNCTION, &read_some);
        curl_easy_setopt(handle, CURLOPT_READDATA, &sending);
        curl_easy_setopt(handle, CURLOPT_SEEKFUNCTION, &go_back);
        curl_easy_setopt(handle, CURLOPT_SEEKDATA, &sending);
    }
    const CURLcode code = curl_easy_perform(handle);
    Answer answer;
    answer.status = receiving.status();
    if (code == CURLE_OK && answer.status / 100 == 2) receiving.begin_sink();  // the object may be empty
    if (!receiving.sunk) return forward(receiving.sunk);
    if (sending.error != 0)
        return fail(ErrorKind::not_available, "cannot read {}: {}", request.body->string(),
                    system_message(sending.error));
    if (deadline.expired()) return fail(ErrorKind::timeout, "{} did not answer in time", text());
    if (code != CURLE_OK) {
        again = may_pass(code);
        return fail(ErrorKind::not_available, "cannot reach {}: {}", text(), curl_easy_strerror(code));
    }
    curl_off_t length = 0;
    if (curl_easy_getinfo(handle, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &length) == CURLE_OK && length > 0)
        answer.bytes = static_cast<std::uint64_t>(length);
    answer.modified_ns = receiving.modified_ns.value_or(receiving.stored_ns.value_or(0));
    answer.text = std::move(receiving.text);
    const auto names = s3_elements(answer.text, "Code");
    const auto name = names.empty() ? std::string() : names.front();
    if (answer.status / 100 == 2 ||
        (answer.status == kNotFound && name != "NoSuchBucket" && name != "XAdminUserNotFound"))
        return answer;
    const auto words = s3_elements(answer.text, "Message");
    again = answer.status >= 500;
    return fail(again || answer.status == 429 ? ErrorKind::not_available : ErrorKind::invalid_input,
                "{} answered {} to {}{}{}{}{}{}", text(), answer.status, name_of(request.method),
                name.empty() ? "" : ": ", name, words.empty() ? "" : ": ", words.empty() ? "" : words.front(),
                way_out(name));
}

Result<S3Bucket::Answer> S3Bucket::send(const Request& request, const Deadline& deadline) {
    auto pause = kFirstPause;
    for (int i = 1;; ++i) {
        if (deadline.expired()) return fail(ErrorKind::timeout, "{} did not answer in time", text());
        bool again = false;
        auto answer = send_once(request, deadline, again);
        if (answer || !again || i == kTries) return answer;
        util::wait_for_stop(std::min<std::chrono::nanoseconds>(pause, deadline.remaining()), deadline.stop_token());
        pause *= kLongerPause;
    }
}

Result<void> S3Bucket::put(const std::string& name, const std::filesystem::path& file, const std::string& sha256,
                           const Deadline& deadline) {
    struct stat status {};
    if (::stat(file.c_str(), &status) != 0)
        return fail(ErrorKind::not_available, "cannot read {}: {}", file.string(), system_message(errno));
    const auto bytes = static_cast<std::uint64_t>(status.st_size);
    if (bytes > kMostBytes)
        return fail(ErrorKind::invalid_input, "{} is larger than 5 GiB, the most that S3 takes at once", file.string());
    const auto time = status.st_mtim.tv_sec * kNanoseconds + status.st_mtim.tv_nsec;
    const auto answer = send({.method = Method::put,
                              .url = url_of(name),
                              .headers = {"x-amz-meta-mtime: " + s3_time_text(time)},
                              .sha256 = sha256,
                              .body = &file,
                              .body_bytes = bytes,
                              .is_short = false},
                             deadline);
    if (!answer) return forward(answer);
    if (!answer->found()) return fail(ErrorKind::invalid_input, "{} answered 404 to PUT", text());
    return {};
}

Result<std::optional<S3Object>> S3Bucket::get(const std::string& name, const std::function<Result<Sink>()>& begin,
                                              const Deadline& deadline) {
    const auto answer = send({.url = url_of(name), .begin = &begin, .is_short = false}, deadline);
    if (!answer) return forward(answer);
    return answer->found() ? std::optional(answer->object()) : std::nullopt;
}

Result<std::optional<S3Object>> S3Bucket::look(const std::string& name, const Deadline& deadline) {
    const auto answer = send({.method = Method::head, .url = url_of(name)}, deadline);
    if (!answer) return forward(answer);
    return answer->found() ? std::optional(answer->object()) : std::nullopt;
}

Result<void> S3Bucket::remove(const std::string& name, const Deadline& deadline) {
    const auto answer = send({.method = Method::remove, .url = url_of(name)}, deadline);
    if (!answer) return forward(answer);
    return {};
}

Result<std::string> S3Bucket::list_once(const std::string& begin, const std::string& from, const char* most,
                                        const Deadline& deadline) {
    // Parameters in the order of their names, as the signature needs them.
    auto query = fmt::format("list-type=2&max-keys={}&prefix={}", most, util::percent_encoded(address_.prefix + begin));
    if (!from.empty()) query = fmt::format("continuation-token={}&{}", util::percent_encoded(from), query);
    auto url = url_of("");
    url.resize(url.size() - util::percent_encoded(address_.prefix, "/").size());
    if (address_.style == S3Style::path) url.pop_back();
    auto answer = send({.url = url + "?" + query}, deadline);
    if (!answer) return forward(answer);
    if (!answer->found()) return fail(ErrorKind::invalid_input, "{} answered 404 to GET", text());
    return std::move(answer->text);
}

Result<std::vector<S3Entry>> S3Bucket::list(const std::string& begin, const Deadline& deadline) {
    std::vector<S3Entry> entries;
    std::string from;
    while (true) {
        const auto xml = list_once(begin, from, "1000", deadline);
        if (!xml) return forward(xml);
        const auto names = s3_elements(*xml, "Key");
        const auto sizes = s3_elements(*xml, "Size");
        for (std::size_t i = 0; i < names.size(); ++i) {
            if (!names[i].starts_with(address_.prefix)) continue;
            const auto bytes = i < sizes.size() ? std::strtoull(sizes[i].c_str(), nullptr, 10) : 0;
            entries.push_back({names[i].substr(address_.prefix.size()), bytes});
        }
        const auto more = s3_elements(*xml, "IsTruncated");
        const auto next = s3_elements(*xml, "NextContinuationToken");
        if (more.empty() || more.front() != "true" || next.empty() || next.front() == from) return entries;
        from = next.front();
    }
}

Result<void> S3Bucket::check(const Deadline& deadline) {
    const auto listed = list_once("", "", "1", deadline);
    if (!listed) return forward(listed);
    return {};
}

}  // namespace audio_ident::curl
