#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <poll.h>
#include <span>
#include <string>

#include "core/result.hpp"
#include "lib/curl/streams.hpp"

namespace audio_ident::monitor {

/// Gets what a feed brings.
class FeedUser {
  public:
    virtual ~FeedUser() = default;
    /// How many bytes of sound it takes now; the feed waits when that is 0.
    virtual std::size_t room() const = 0;
    /// Bytes of an encoded stream, one after the other. May be more than room().
    virtual void sound(std::span<const std::byte> bytes) = 0;
    /// What the stream itself says that it plays.
    virtual void hint(const std::string& title) = 0;
};

/// Brings the bytes of a station, from wherever they come. For one thread, and never waits.
class Feed {
  public:
    using Clock = std::chrono::steady_clock;
    /// How it ended: it will not go on by itself; or what failed, in one sentence.
    enum class End { over, failed };
    struct Ended {
        End end = End::failed;
        std::string why;
    };

    virtual ~Feed() = default;

    /// Does what can be done now. Returns how the feed ended, when it has.
    virtual std::optional<Ended> step(Clock::time_point now) = 0;
    /// A descriptor to wait for, besides the transfers of Streams; -1: none.
    virtual pollfd wanted() const { return {-1, 0, 0}; }
    /// When it wants step() again though nothing came.
    virtual Clock::time_point next() const { return Clock::time_point::max(); }
};

enum class SourceKind { url, file };

/// "https://…", "file:///…" or an absolute path. Fails with invalid_input for anything else.
Result<SourceKind> kind_of(const std::string& source);
/// The path of a source that is a file.
std::string path_of(const std::string& source);
/// Whether what the source plays ends by itself and begins at its beginning each time: a regular file.
bool is_recording(const std::string& source);

/// Opens the source. `streams` and `user` outlive the feed.
std::unique_ptr<Feed> open_feed(const std::string& source, curl::Addresses addresses, curl::Streams& streams,
                                FeedUser& user);

}  // namespace audio_ident::monitor
