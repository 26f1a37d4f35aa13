#include "monitor/feed/feed.hpp"

#include <sys/stat.h>

#include "monitor/feed/file_feed.hpp"
#include "monitor/feed/http_feed.hpp"
#include "util/url.hpp"

namespace audio_ident::monitor {

Result<SourceKind> kind_of(const std::string& source) {
    if (source.starts_with("http://") || source.starts_with("https://")) {
        // Without a host, or with spaces, nothing can be fetched.
        if (curl::resolve_url(source, source)) return SourceKind::url;
    } else if (source.starts_with("file:///") || source.starts_with("/")) {
        return SourceKind::file;
    }
    return fail(
        ErrorKind::invalid_input,
        "\"{}\" is not a source; give a URL (http:// or https://), or the absolute path of a file or named pipe",
        util::mask_url(source));
}

std::string path_of(const std::string& source) {
    constexpr std::string_view kScheme = "file://";
    return source.starts_with(kScheme) ? source.substr(kScheme.size()) : source;
}

bool is_recording(const std::string& source) {
    struct stat status {};
    const auto kind = kind_of(source);
    return kind && *kind == SourceKind::file && ::stat(path_of(source).c_str(), &status) == 0 &&
           S_ISREG(status.st_mode);
}

std::unique_ptr<Feed> open_feed(const std::string& source, curl::Addresses addresses, curl::Streams& streams,
                                FeedUser& user) {
    const auto kind = kind_of(source);
    if (kind && *kind == SourceKind::url) return std::make_unique<HttpFeed>(source, addresses, streams, user);
    return std::make_unique<FileFeed>(path_of(source), user);
}

}  // namespace audio_ident::monitor
