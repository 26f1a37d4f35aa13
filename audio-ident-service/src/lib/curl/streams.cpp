#include "lib/curl/streams.hpp"

#include <algorithm>
#include <curl/curl.h>
#include <sys/socket.h>
#include <utility>

#include "lib/curl/public_address.hpp"
#include "lib/curl/start.hpp"

namespace audio_ident::curl {
namespace {

constexpr long kOk = 200;

std::string lower(std::string text) {
    std::ranges::transform(text, text.begin(),
                           [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return text;
}

std::string trimmed(std::string_view text) {
    constexpr std::string_view kSpace = " \t\r\n";
    const auto begin = text.find_first_not_of(kSpace);
    if (begin == std::string_view::npos) return {};
    return std::string(text.substr(begin, text.find_last_not_of(kSpace) - begin + 1));
}

struct Handle {
    CURL* easy = curl_easy_init();
    curl_slist* headers = nullptr;

    Handle() = default;
    Handle(const Handle&) = delete;
    Handle& operator=(const Handle&) = delete;
    ~Handle() {
        curl_easy_cleanup(easy);
        curl_slist_free_all(headers);
    }
};

class MultiTransfer final : public Streams::Transfer {
  public:
    MultiTransfer(CURLM* multi, const std::string& url, const std::vector<std::string>& headers,
                  const TransferLimits& limits, TransferUser& user)
        : multi_(multi), limits_(limits), user_(user) {
        for (const auto& header : headers) handle_.headers = curl_slist_append(handle_.headers, header.c_str());
        ok_aliases_ = curl_slist_append(nullptr, "ICY 200 OK");
        set_up(url);
        curl_multi_add_handle(multi_, handle_.easy);
    }
    ~MultiTransfer() override {
        curl_multi_remove_handle(multi_, handle_.easy);
        curl_slist_free_all(ok_aliases_);
    }
    void resume() override {
        if (!std::exchange(paused_, false)) return;
        curl_easy_pause(handle_.easy, CURLPAUSE_CONT);
    }
    void done(CURLcode code) {
        if (code == CURLE_OK && !headed_ && !send_head()) code = CURLE_WRITE_ERROR;
        user_.done(result_of(code));
    }

  private:
    template <typename Value>
    void set(CURLoption option, Value value) {
        curl_easy_setopt(handle_.easy, option, value);
    }
    void set_up(const std::string& url) {
        set(CURLOPT_URL, url.c_str());
        set(CURLOPT_PRIVATE, static_cast<void*>(this));
        set(CURLOPT_HTTPHEADER, handle_.headers);
        set(CURLOPT_HTTP200ALIASES, ok_aliases_);
        set(CURLOPT_USERAGENT, "audio-ident");
        set(CURLOPT_PROTOCOLS_STR, "http,https");
        set(CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
        set(CURLOPT_PROXY, "");  // A proxy would connect to any address for us.
        set(CURLOPT_FOLLOWLOCATION, 1L);
        set(CURLOPT_MAXREDIRS, limits_.most_redirects);
        set(CURLOPT_NOSIGNAL, 1L);
        set(CURLOPT_QUICK_EXIT, 1L);  // Its end does not wait for a server of DNS that is silent.
        set(CURLOPT_CONNECTTIMEOUT, static_cast<long>(limits_.connect.count()));
        set(CURLOPT_LOW_SPEED_LIMIT, 1L);
        set(CURLOPT_LOW_SPEED_TIME, static_cast<long>(limits_.still.count()));
        set(CURLOPT_HEADERFUNCTION, &MultiTransfer::on_header);
        set(CURLOPT_HEADERDATA, static_cast<void*>(this));
        set(CURLOPT_WRITEFUNCTION, &MultiTransfer::on_data);
        set(CURLOPT_WRITEDATA, static_cast<void*>(this));
        set(CURLOPT_OPENSOCKETFUNCTION, &MultiTransfer::on_socket);
        set(CURLOPT_OPENSOCKETDATA, static_cast<void*>(this));
    }

    static curl_socket_t on_socket(void* self, curlsocktype, curl_sockaddr* to) {
        auto& transfer = *static_cast<MultiTransfer*>(self);
        if (transfer.limits_.addresses == Addresses::only_public && !is_public(to->addr)) {
            transfer.refused_ = text_of(to->addr);
            return CURL_SOCKET_BAD;
        }
        return ::socket(to->family, to->socktype | SOCK_CLOEXEC, to->protocol);
    }
    static std::size_t on_header(const char* data, std::size_t size, std::size_t count, void* self) {
        return static_cast<MultiTransfer*>(self)->header({data, size * count}) ? size * count : 0;
    }
    static std::size_t on_data(const char* data, std::size_t size, std::size_t count, void* self) {
        auto& transfer = *static_cast<MultiTransfer*>(self);
        if (!transfer.headed_ && !transfer.send_head()) return 0;
        switch (transfer.user_.data(std::as_bytes(std::span(data, size * count)))) {
            case TransferUser::Take::all: return size * count;
            case TransferUser::Take::none_now: transfer.paused_ = true; return CURL_WRITEFUNC_PAUSE;
            case TransferUser::Take::stop: break;
        }
        return 0;
    }

    bool header(std::string_view line) {
        head_bytes_ += line.size();
        if (head_bytes_ > limits_.most_head_bytes) return false;
        const auto colon = line.find(':');
        if (line.starts_with("HTTP/") || line.starts_with("ICY ")) head_.fields.clear();
        else if (colon != std::string_view::npos)
            head_.fields[lower(trimmed(line.substr(0, colon)))] = trimmed(line.substr(colon + 1));
        return true;
    }
    bool send_head() {
        headed_ = true;
        curl_easy_getinfo(handle_.easy, CURLINFO_RESPONSE_CODE, &head_.status);
        char* url = nullptr;
        curl_easy_getinfo(handle_.easy, CURLINFO_EFFECTIVE_URL, &url);
        if (url != nullptr) head_.url = url;
        return user_.head(head_);
    }

    Result<void> result_of(CURLcode code) const {
        const auto failed = [](std::string why) { return fail(ErrorKind::not_available, "{}", why); };
        if (code == CURLE_OK && head_.status == kOk) return {};
        if (headed_ && head_.status != kOk) return failed("the server answered " + std::to_string(head_.status));
        if (!refused_.empty())
            return failed(refused_ + " is no public address; set MONITOR_ALLOW_PRIVATE=on to allow it");
        if (head_bytes_ > limits_.most_head_bytes) return failed("the head of the response does not end");
        if (code == CURLE_TOO_MANY_REDIRECTS) return failed("the server redirects again and again");
        if (code == CURLE_OPERATION_TIMEDOUT) return failed(headed_ ? "no data came" : "the server does not answer");
        if (code == CURLE_WRITE_ERROR) return failed("the transfer was stopped");
        return failed(curl_easy_strerror(code));
    }

    CURLM* multi_;
    TransferLimits limits_;
    TransferUser& user_;
    Handle handle_;
    curl_slist* ok_aliases_ = nullptr;
    Head head_;
    std::size_t head_bytes_ = 0;
    bool headed_ = false;
    bool paused_ = false;
    std::string refused_;  ///< the address that it must not connect to
};

}  // namespace

class Streams::Impl {
  public:
    Impl() { start(); }
    ~Impl() { curl_multi_cleanup(multi_); }
    Impl(const Impl&) = delete;
    Impl& operator=(const Impl&) = delete;

    CURLM* multi() const { return multi_; }
    void work() {
        int running = 0;
        curl_multi_perform(multi_, &running);
        int left = 0;
        while (const CURLMsg* message = curl_multi_info_read(multi_, &left)) {
            if (message->msg != CURLMSG_DONE) continue;
            const CURLcode code = message->data.result;
            void* transfer = nullptr;
            curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &transfer);
            static_cast<MultiTransfer*>(transfer)->done(code);
        }
    }

  private:
    CURLM* multi_ = curl_multi_init();
};

Streams::Streams() : impl_(std::make_unique<Impl>()) {}
Streams::~Streams() = default;

std::unique_ptr<Streams::Transfer> Streams::begin(const std::string& url, const std::vector<std::string>& headers,
                                                  const TransferLimits& limits, TransferUser& user) {
    return std::make_unique<MultiTransfer>(impl_->multi(), url, headers, limits, user);
}

void Streams::wait(std::span<const pollfd> others, std::chrono::milliseconds time) {
    std::vector<curl_waitfd> extra;
    for (const pollfd& one : others) {
        const int wanted =
            ((one.events & POLLIN) != 0 ? CURL_WAIT_POLLIN : 0) | ((one.events & POLLOUT) != 0 ? CURL_WAIT_POLLOUT : 0);
        extra.push_back({one.fd, static_cast<short>(wanted), 0});
    }
    curl_multi_poll(impl_->multi(), extra.data(), static_cast<unsigned>(extra.size()), static_cast<int>(time.count()),
                    nullptr);
    impl_->work();
}

std::optional<std::string> resolve_url(const std::string& base, const std::string& reference) {
    const std::unique_ptr<CURLU, void (*)(CURLU*)> url(curl_url(), &curl_url_cleanup);
    if (!url || curl_url_set(url.get(), CURLUPART_URL, base.c_str(), 0) != CURLUE_OK ||
        curl_url_set(url.get(), CURLUPART_URL, reference.c_str(), 0) != CURLUE_OK)
        return std::nullopt;
    char* text = nullptr;
    if (curl_url_get(url.get(), CURLUPART_URL, &text, 0) != CURLUE_OK) return std::nullopt;
    std::string resolved(text);
    curl_free(text);
    if (!resolved.starts_with("http://") && !resolved.starts_with("https://")) return std::nullopt;
    return resolved;
}

}  // namespace audio_ident::curl
