#pragma once

#include <deque>

#include "monitor/feed/feed.hpp"
#include "monitor/feed/icy.hpp"
#include "monitor/feed/playlist.hpp"

namespace audio_ident::monitor {

/// A stream over HTTP: one response that does not end (Icecast, SHOUTcast), or a playlist: of other streams (M3U, PLS),
/// or of HLS, whose segments come one after the other.
class HttpFeed : public Feed, private curl::TransferUser {
  public:
    HttpFeed(const std::string& url, curl::Addresses addresses, curl::Streams& streams, FeedUser& user);

    std::optional<Ended> step(Clock::time_point now) override;
    Clock::time_point next() const override { return transfer_ ? Clock::time_point::max() : next_; }

  private:
    enum class Expects { anything, playlist, segment };

    bool head(const curl::Head& head) override;
    Take data(std::span<const std::byte> bytes) override;
    void done(const Result<void>& result) override;

    void get(const std::string& url, Expects expects);
    std::optional<Ended> after_transfer(Clock::time_point now);
    std::optional<Ended> read_playlist(Clock::time_point now);
    std::optional<Ended> take_segments(const Playlist& playlist, Clock::time_point now);
    Ended failed(std::string why) const { return {End::failed, std::move(why)}; }

    curl::Addresses addresses_;
    curl::Streams& streams_;
    FeedUser& user_;
    std::unique_ptr<curl::Streams::Transfer> transfer_;
    std::optional<Result<void>> result_;  ///< of the transfer, when it is over
    Expects expects_ = Expects::anything;
    std::string refused_;       ///< why the response is not wanted
    std::string base_;          ///< the URL of the response
    bool is_playlist_ = false;  ///< the response is one
    std::string playlist_;      ///< its text so far
    bool waits_ = false;        ///< the transfer, because there was no room
    bool is_first_ = true;      ///< no bytes of the response have come
    std::optional<Icy> icy_;

    // HLS
    std::string list_url_;              ///< empty: it is none
    std::deque<std::string> segments_;  ///< to be fetched
    std::uint64_t next_number_ = 0;     ///< of the segment that comes after them
    bool begun_ = false;
    std::string map_;  ///< that was sent last
    double target_seconds_ = 0;
    int playlists_followed_ = 0;  ///< from one to the next
    bool ended_ = false;          ///< no segments will follow
    Clock::time_point next_ = Clock::time_point::max();
    Clock::time_point last_new_{};  ///< when segments came last
};

}  // namespace audio_ident::monitor
