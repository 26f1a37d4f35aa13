#pragma once

#include <chrono>
#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <poll.h>
#include <span>
#include <string>
#include <vector>

#include "core/result.hpp"

namespace audio_ident::curl {

/// The head of a response, after all redirects.
struct Head {
    long status = 0;
    std::map<std::string, std::string> fields;  ///< names in lower case
    std::string url;                            ///< that the response comes from

    /// Empty when the field is not there.
    std::string field(const std::string& name) const {
        const auto found = fields.find(name);
        return found == fields.end() ? std::string() : found->second;
    }
};

/// Gets what a transfer brings, inside Streams::wait() and Transfer::resume().
class TransferUser {
  public:
    enum class Take { all, none_now, stop };

    virtual ~TransferUser() = default;

    /// The head has come; it comes before data(). False ends the transfer.
    virtual bool head(const Head& head) = 0;
    /// After `none_now`, the same bytes come again when Transfer::resume() was called.
    virtual Take data(std::span<const std::byte> bytes) = 0;
    /// The last call. Fails with not_available, and one sentence about why; also after `stop` and a refused head.
    virtual void done(const Result<void>& result) = 0;
};

/// Which addresses a transfer may connect to. What counts is the address that is really connected to, whatever names
/// and redirects led there.
enum class Addresses { all, only_public };

struct TransferLimits {
    Addresses addresses = Addresses::only_public;
    long most_redirects = 5;
    std::size_t most_head_bytes = 64 << 10;  ///< of all heads together, those of redirects too
    std::chrono::seconds connect{10};
    std::chrono::seconds still{20};  ///< without a byte, before it fails
};

/// Fetches any number of URLs (HTTP, HTTPS) on the thread that calls wait(). For one thread.
class Streams {
  public:
    class Transfer {
      public:
        virtual ~Transfer() = default;  ///< ends it without done()
        virtual void resume() = 0;
    };

    Streams();
    ~Streams();
    Streams(const Streams&) = delete;
    Streams& operator=(const Streams&) = delete;

    /// `user` outlives the transfer, which this outlives. `headers`: "Name: value".
    std::unique_ptr<Transfer> begin(const std::string& url, const std::vector<std::string>& headers,
                                    const TransferLimits& limits, TransferUser& user);
    /// Waits until something happens on a transfer or on one of `others`, whose revents it does not set, or until the
    /// time is over; works on the transfers, and calls their users.
    void wait(std::span<const pollfd> others, std::chrono::milliseconds time);

  private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

/// "https://host/a/b.ts" of "b.ts" in "https://host/a/list.m3u8". nullopt for what is not a URL of HTTP.
std::optional<std::string> resolve_url(const std::string& base, const std::string& reference);

}  // namespace audio_ident::curl
