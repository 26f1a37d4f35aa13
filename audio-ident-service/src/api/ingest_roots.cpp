#include "api/ingest_roots.hpp"

#include <algorithm>

#include "api/paths.hpp"
#include "util/path_text.hpp"

namespace audio_ident::api {

namespace fs = std::filesystem;

Result<fs::path> allowed_folder(const std::string& directory, const std::vector<fs::path>& roots) {
    std::error_code error;
    const fs::path named = util::path_from_text(directory).value_or(directory);
    const auto folder = fs::canonical(named, error);
    const bool allowed = !error && std::any_of(roots.begin(), roots.end(), [&](const fs::path& root) {
        std::error_code ignored;
        const auto real = fs::canonical(root, ignored);
        return !ignored && lies_below(folder, real);
    });
    // The response must not reveal whether something exists outside the roots.
    const bool inside_by_name =
        std::any_of(roots.begin(), roots.end(), [&](const fs::path& root) { return lies_below(named, root); });
    if (allowed && fs::is_directory(folder, error)) return folder;
    if (allowed || (inside_by_name && error)) {
        return Unexpected(
            Error{ErrorKind::not_available, "there is no folder " + directory, Reason::directory_not_found});
    }
    return Unexpected(Error{ErrorKind::invalid_input,
                            directory + " is not below a folder of INGEST_ROOTS; add a folder that contains it",
                            Reason::forbidden});
}

}  // namespace audio_ident::api
