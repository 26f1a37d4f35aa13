#include "monitor/feed/http_feed.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

namespace audio_ident::monitor {
namespace {

constexpr std::size_t kMostPlaylistBytes = 1 << 20;
constexpr int kMostPlaylists = 4;            // that lead from one to the next
constexpr std::size_t kSegmentsAtBegin = 3;  // from the end of a live playlist, as RFC 8216 asks for
constexpr auto kNoNewSegments = std::chrono::seconds(60);

std::string media_type(const curl::Head& head) {
    auto type = head.field("content-type");
    type = type.substr(0, type.find(';'));
    std::ranges::transform(type, type.begin(),
                           [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    while (type.ends_with(' ')) type.pop_back();
    return type;
}

bool is_playlist_type(std::string_view type) {
    return type.ends_with("mpegurl") || type == "audio/x-scpls" || type == "application/pls+xml";
}

/// What is certainly neither sound nor a playlist.
bool is_no_sound(std::string_view type) {
    return type == "text/html" || type == "application/xhtml+xml" || type == "application/json" ||
           type.starts_with("image/");
}

std::size_t bytes_between_titles(const curl::Head& head) {
    const auto text = head.field("icy-metaint");
    std::size_t bytes = 0;
    std::from_chars(text.data(), text.data() + text.size(), bytes);
    return bytes;
}

}  // namespace

HttpFeed::HttpFeed(const std::string& url, curl::Addresses addresses, curl::Streams& streams, FeedUser& user)
    : addresses_(addresses), streams_(streams), user_(user) {
    get(url, Expects::anything);
}

void HttpFeed::get(const std::string& url, Expects expects) {
    expects_ = expects;
    transfer_.reset();
    result_.reset();
    is_playlist_ = expects == Expects::playlist;
    playlist_.clear();
    waits_ = false;
    is_first_ = true;
    icy_.reset();
    transfer_ = streams_.begin(url, {"Icy-MetaData: 1", "Accept: */*"}, {.addresses = addresses_}, *this);
}

bool HttpFeed::head(const curl::Head& head) {
    base_ = head.url;
    if (head.status != 200) return false;  // done() says which
    const auto type = media_type(head);
    if (is_no_sound(type)) refused_ = "sends " + type + ", not audio";
    if (expects_ == Expects::anything) is_playlist_ = is_playlist_type(type);
    icy_.emplace(expects_ == Expects::anything ? bytes_between_titles(head) : 0);
    return refused_.empty();
}

curl::TransferUser::Take HttpFeed::data(std::span<const std::byte> bytes) {
    if (std::exchange(is_first_, false) && expects_ == Expects::anything)
        is_playlist_ = is_playlist_ || is_playlist({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
    if (is_playlist_) {
        if (playlist_.size() + bytes.size() > kMostPlaylistBytes) {
            refused_ = "its playlist does not end";
            return Take::stop;
        }
        playlist_.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
        return Take::all;
    }
    if (user_.room() == 0) {
        waits_ = true;
        return Take::none_now;
    }
    icy_->consume(
        bytes, [&](std::span<const std::byte> sound) { user_.sound(sound); },
        [&](const std::string& title) { user_.hint(title); });
    return Take::all;
}

void HttpFeed::done(const Result<void>& result) {
    result_ = result;
}

std::optional<Feed::Ended> HttpFeed::step(Clock::time_point now) {
    if (waits_ && user_.room() > 0) {
        waits_ = false;
        transfer_->resume();
    }
    if (result_) {
        if (auto ended = after_transfer(now)) return ended;
    }
    if (transfer_ || list_url_.empty()) return std::nullopt;
    if (!segments_.empty()) {
        const auto url = segments_.front();
        segments_.pop_front();
        get(url, Expects::segment);
    } else if (ended_) {
        return Ended{End::over, "the stream is over"};
    } else if (now >= next_) {
        next_ = Clock::time_point::max();
        get(list_url_, Expects::playlist);
    }
    return std::nullopt;
}

std::optional<Feed::Ended> HttpFeed::after_transfer(Clock::time_point now) {
    const auto result = *result_;
    transfer_.reset();
    result_.reset();
    if (!refused_.empty()) return failed(refused_);
    if (!result) return failed(result.error().message);
    if (is_playlist_) return read_playlist(now);
    if (expects_ == Expects::anything) return failed("the server ended the stream");
    return std::nullopt;
}

std::optional<Feed::Ended> HttpFeed::read_playlist(Clock::time_point now) {
    const auto playlist = parse_playlist(playlist_);
    if (!playlist) return failed(playlist.error().message);
    if (playlist->choices.empty()) return take_segments(*playlist, now);
    if (++playlists_followed_ > kMostPlaylists) return failed("its playlists lead from one to the next");
    const auto url = curl::resolve_url(base_, playlist->choices.front());
    if (!url) return failed("its playlist names no URL of HTTP: " + playlist->choices.front());
    get(*url, Expects::anything);
    return std::nullopt;
}

std::optional<Feed::Ended> HttpFeed::take_segments(const Playlist& playlist, Clock::time_point now) {
    list_url_ = base_;
    target_seconds_ = playlist.target_seconds;
    ended_ = playlist.ended;
    const auto count = playlist.segments.size();
    const auto end = playlist.first_number + count;
    if (!begun_) {
        begun_ = true;
        last_new_ = now;
        next_number_ = playlist.ended ? playlist.first_number : end - std::min<std::uint64_t>(count, kSegmentsAtBegin);
    }
    if (next_number_ < playlist.first_number) return failed("segments of the stream were missed");
    // A server that began again counts from the beginning.
    if (next_number_ > end + count + kSegmentsAtBegin) return failed("the stream has begun again");
    bool is_new = false;
    for (auto number = next_number_; number < end; ++number, ++next_number_) {
        const auto& segment = playlist.segments[number - playlist.first_number];
        const auto url = curl::resolve_url(base_, segment.url);
        if (!url) return failed("its playlist names no URL of HTTP: " + segment.url);
        if (segment.discontinuity && is_new) return failed("another encoding begins");
        const auto map = playlist.map.empty() ? std::nullopt : curl::resolve_url(base_, playlist.map);
        if (map && *map != map_) segments_.push_back(map_ = *map);
        segments_.push_back(*url);
        is_new = true;
    }
    if (is_new) last_new_ = now;
    else if (now - last_new_ > kNoNewSegments) return failed("no new segments come");
    // Without news the playlist is asked for again after half the time, as RFC 8216 allows.
    const auto pause = std::chrono::duration<double>(is_new ? target_seconds_ : target_seconds_ / 2);
    next_ = now + std::chrono::duration_cast<Clock::duration>(pause);
    return std::nullopt;
}

}  // namespace audio_ident::monitor
