#include "cli/find_track.hpp"

#include <filesystem>
#include <system_error>

#include "cli/output.hpp"
#include "cli/text.hpp"
#include "util/path_text.hpp"

namespace audio_ident::cli {

Result<std::optional<catalog::Track>> find_track(library::Library& library, const std::string& name,
                                                 const Deadline& deadline) {
    if (const auto id = TrackId::parse(name)) return library.find(*id, deadline);
    auto found = library.find_by_path(name, deadline);
    if (!found || *found) return found;
    std::error_code ignored;
    const auto path = std::filesystem::absolute(name, ignored).lexically_normal();
    return library.find_by_path(util::path_to_text(path.native()), deadline);
}

void note_no_track(const std::string& name) {
    note("no track has the id or path {}; `audio-ident tracks list` shows them", one_line(util::path_to_text(name)));
}

}  // namespace audio_ident::cli
