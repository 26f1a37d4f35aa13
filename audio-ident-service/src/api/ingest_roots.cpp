#include "api/ingest_roots.hpp"

#include <algorithm>

#include "api/paths.hpp"
#include "util/path_text.hpp"

namespace audio_ident::api {

namespace fs = std::filesystem;

namespace {

enum class Kind { folder, file, file_or_pipe };

bool is_kind(const fs::path& path, Kind kind) {
    std::error_code ignored;
    if (kind == Kind::folder) return fs::is_directory(path, ignored);
    return fs::is_regular_file(path, ignored) || (kind == Kind::file_or_pipe && fs::is_fifo(path, ignored));
}

Unexpected not_there(const std::string& name, Kind kind) {
    if (kind == Kind::folder)
        return Unexpected(Error{ErrorKind::not_available, "there is no folder " + name, Reason::directory_not_found});
    return Unexpected(Error{ErrorKind::not_available, "there is no file " + name, Reason::file_not_found});
}

Result<fs::path> allowed(const std::string& name, const std::vector<fs::path>& roots, Kind kind) {
    std::error_code error;
    const fs::path named = util::path_from_text(name).value_or(name);
    const auto real_path = fs::canonical(named, error);
    const bool is_allowed = !error && std::any_of(roots.begin(), roots.end(), [&](const fs::path& root) {
        std::error_code ignored;
        const auto real = fs::canonical(root, ignored);
        return !ignored && lies_below(real_path, real);
    });
    // The response must not reveal whether something exists outside the roots.
    const bool inside_by_name =
        std::any_of(roots.begin(), roots.end(), [&](const fs::path& root) { return lies_below(named, root); });
    if (is_allowed && is_kind(real_path, kind)) return real_path;
    if (is_allowed || (inside_by_name && error)) return not_there(name, kind);
    return Unexpected(Error{ErrorKind::invalid_input,
                            name + " is not below a folder of INGEST_ROOTS; add a folder that contains it",
                            Reason::forbidden});
}

}  // namespace

Result<fs::path> allowed_folder(const std::string& directory, const std::vector<fs::path>& roots) {
    return allowed(directory, roots, Kind::folder);
}

Result<fs::path> allowed_file(const std::string& file, const std::vector<fs::path>& roots) {
    return allowed(file, roots, Kind::file);
}

Result<fs::path> allowed_file_or_pipe(const std::string& file, const std::vector<fs::path>& roots) {
    return allowed(file, roots, Kind::file_or_pipe);
}

}  // namespace audio_ident::api
