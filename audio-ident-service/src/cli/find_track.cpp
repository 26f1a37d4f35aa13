#include "cli/find_track.hpp"

#include <filesystem>
#include <system_error>

#include "util/path_text.hpp"

namespace audio_ident::cli {

Result<catalog::Catalog*> open_catalog(Invocation& invocation) {
    if (!invocation.services().library_exists()) {
        return fail(ErrorKind::not_available,
                    "there is no library in {} yet; make one with `audio-ident ingest FOLDER`",
                    invocation.settings().data_dir.string());
    }
    return invocation.services().catalog();
}

Result<std::optional<catalog::Track>> find_track(catalog::Catalog& catalog, const std::string& name,
                                                 const Deadline& deadline) {
    if (const auto id = TrackId::parse(name)) return catalog.find(*id, deadline);
    auto found = catalog.find_by_path(name, deadline);
    if (!found || *found) return found;
    std::error_code ignored;
    const auto path = std::filesystem::absolute(name, ignored).lexically_normal();
    return catalog.find_by_path(util::path_to_text(path.native()), deadline);
}

}  // namespace audio_ident::cli
