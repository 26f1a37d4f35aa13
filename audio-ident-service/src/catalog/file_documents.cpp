#include "catalog/file_documents.hpp"

#include <algorithm>
#include <cerrno>
#include <fmt/format.h>
#include <fstream>
#include <iterator>
#include <sys/stat.h>
#include <system_error>

#include "util/atomic_file.hpp"
#include "util/durable_folder.hpp"

namespace audio_ident::catalog {

namespace fs = std::filesystem;

namespace {

Unexpected cannot(std::string_view doing, const fs::path& path, int code) {
    return fail(ErrorKind::not_available, "cannot {} {}: {}; check the disk and the permissions of the data folder",
                doing, path.string(), std::error_code(code, std::generic_category()).message());
}

/// The files below a folder, or only its own.
template <typename Iterator>
Result<std::vector<fs::path>> files_in(const fs::path& folder) {
    std::vector<fs::path> files;
    std::error_code error;
    for (Iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
        std::error_code ignored;
        // Names with a dot are files on their way, see util/leftover_files.hpp.
        if (entry->is_regular_file(ignored) && !entry->path().filename().native().starts_with('.'))
            files.push_back(entry->path());
    }
    if (error && error != std::errc::no_such_file_or_directory) return cannot("read", folder, error.value());
    std::ranges::sort(files);
    return files;
}

}  // namespace

Result<std::optional<std::string>> FileDocuments::find(const std::string& name, const Deadline&) {
    const auto path = path_of(name);
    errno = 0;
    std::ifstream file(path, std::ios::binary);
    if (!file) {
        if (errno == ENOENT || errno == ENOTDIR) return std::nullopt;
        return cannot("read", path, errno);
    }
    return std::string(std::istreambuf_iterator<char>(file), {});
}

Result<std::vector<std::string>> FileDocuments::names(const std::string& folder, const Deadline&) {
    const auto files = files_in<fs::recursive_directory_iterator>(path_of(folder));
    if (!files) return forward(files);
    std::vector<std::string> names;
    for (const auto& file : *files) names.push_back(file.lexically_relative(folder_).string());
    return names;
}

Result<std::vector<Document>> FileDocuments::in_folder(const std::string& folder, const Deadline& deadline) {
    const auto files = files_in<fs::directory_iterator>(path_of(folder));
    if (!files) return forward(files);
    std::vector<Document> documents;
    for (const auto& file : *files) {
        auto name = file.lexically_relative(folder_).string();
        auto content = find(name, deadline);
        if (!content) return forward(content);
        if (*content) documents.push_back({std::move(name), std::move(**content)});
    }
    return documents;
}

Result<void> FileDocuments::put(std::span<const Document> documents, Worth worth, const Deadline&) {
    const auto durability = worth == Worth::unique ? util::Durability::power_cut : util::Durability::program_crash;
    for (const Document& document : documents) {
        const auto path = path_of(document.name);
        std::error_code error;
        if (worth == Worth::unique) error = util::make_folder_durably(path.parent_path());
        else fs::create_directories(path.parent_path(), error);
        if (error) return cannot("make", path.parent_path(), error.value());
        if (auto written = util::replace_file(path, document.content, durability); !written) return written;
    }
    return {};
}

Result<bool> FileDocuments::remove(const std::string& name, const Deadline&) {
    std::error_code error;
    const bool removed = fs::remove(path_of(name), error);
    if (error) return cannot("remove", path_of(name), error.value());
    return removed;
}

Result<std::vector<std::string>> FileDocuments::stamps(std::span<const std::string> names, const Deadline&) {
    std::vector<std::string> stamps;
    for (const std::string& name : names) {
        struct stat status {};
        const bool is_there = ::stat(path_of(name).c_str(), &status) == 0;
        stamps.push_back(is_there ? fmt::format("{} {} {}.{}", status.st_ino, status.st_size, status.st_mtim.tv_sec,
                                                status.st_mtim.tv_nsec)
                                  : std::string());
    }
    return stamps;
}

}  // namespace audio_ident::catalog
