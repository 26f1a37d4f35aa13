#pragma once

#include <span>
#include <string_view>

namespace audio_ident::api {

/// A file of the web page, which is part of the program (cmake/embed_ui.py writes them).
struct UiFile {
    std::string_view path;  ///< in a request: "/library", "/_app/immutable/entry/start.B2x1.js"
    std::string_view media_type;
    std::string_view etag;
    std::string_view policy;  ///< the Content-Security-Policy of a page; empty for other files
    std::string_view text;
    std::string_view gzip;  ///< empty where compressing does not help
};

/// Empty when the program was built without the page.
std::span<const UiFile> ui_files();

}  // namespace audio_ident::api
