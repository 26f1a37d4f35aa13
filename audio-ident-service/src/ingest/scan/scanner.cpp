#include "ingest/scan/scanner.hpp"

#include <algorithm>
#include <cerrno>
#include <dirent.h>
#include <memory>
#include <system_error>
#include <utility>

#include "ingest/scan/audio_extension.hpp"

namespace audio_ident::ingest {

namespace fs = std::filesystem;

namespace {

struct CloseFolder {
    void operator()(DIR* folder) const { ::closedir(folder); }
};

Error no_such_file() {
    return {ErrorKind::not_available, "no such file or folder", {}};
}

}  // namespace

fs::path normal_path(const fs::path& name) {
    std::error_code ignored;
    const fs::path absolute = fs::absolute(name, ignored);
    fs::path normal = absolute.lexically_normal();
    if (!normal.has_filename() && normal.has_relative_path()) normal = normal.parent_path();
    const bool climbs =
        std::any_of(absolute.begin(), absolute.end(), [](const fs::path& part) { return part == ".."; });
    if (climbs) {
        const auto meant = file_status(absolute);
        const auto got = file_status(normal);
        const bool same = meant && got && *meant && *got && (*meant)->id == (*got)->id;
        if (!same && meant && *meant) {
            std::error_code error;
            fs::path canonical = fs::canonical(absolute, error);
            if (!error) return canonical;
        }
    }
    return normal;
}

Scanner::Scanner(ScanOptions options, ScanVisitor& visitor, std::stop_token stop)
    : options_(options), visitor_(visitor), stop_(std::move(stop)) {}

bool Scanner::ended() {
    if (stop_.stop_requested()) ended_ = true;
    return ended_;
}

void Scanner::scan(const fs::path& name) {
    if (ended()) return;
    if (name.empty()) return visitor_.problem(name, {ErrorKind::invalid_input, "an empty name", {}});
    const fs::path path = normal_path(name);
    const auto status = file_status(path);
    if (!status) return visitor_.problem(path, status.error());
    if (!*status) return visitor_.problem(path, no_such_file());
    switch ((*status)->type) {
        case FileType::folder: return walk(path);
        case FileType::regular: return emit(path, **status);
        case FileType::other:
            return visitor_.problem(path, {ErrorKind::invalid_input, "neither a regular file nor a folder", {}});
    }
}

Result<void> Scanner::scan_list(NameList& list) {
    while (!ended()) {
        auto name = list.next(stop_);
        if (!name) {
            if (ended()) return {};
            return forward(name);
        }
        if (!*name) return {};
        scan(**name);
    }
    return {};
}

void Scanner::walk(const fs::path& root) {
    const auto status = file_status(root);
    if (!status || !*status) return visitor_.problem(root, status ? no_such_file() : status.error());
    auto names = read_folder(root);
    folders_.push_back({root, names.has_value(), names && names->empty()});
    if (!names) return visitor_.problem(root, names.error());
    if (!met_.insert((*status)->id).second) return;

    std::vector<Level> levels;
    levels.push_back({root, std::move(*names), 0});
    while (!levels.empty() && !ended()) {
        Level& level = levels.back();
        if (level.next == level.names.size()) {
            levels.pop_back();
            continue;
        }
        // Moved out, because entering a folder moves the levels.
        const Name name = std::move(level.names[level.next++]);
        const fs::path folder = level.folder;
        visit(folder, name, levels);
    }
}

Result<std::vector<Scanner::Name>> Scanner::read_folder(const fs::path& folder) {
    const std::unique_ptr<DIR, CloseFolder> stream(::opendir(folder.c_str()));
    std::vector<Name> names;
    for (;;) {
        if (stream) errno = 0;
        const dirent* entry = stream ? ::readdir(stream.get()) : nullptr;
        if (!entry) {
            if (errno == 0) break;
            return fail(ErrorKind::not_available, "cannot read the folder: {}",
                        std::error_code(errno, std::generic_category()).message());
        }
        const std::string_view name = entry->d_name;
        if (name != "." && name != "..") names.push_back({std::string(name), entry->d_type});
    }
    std::sort(names.begin(), names.end(), [](const Name& a, const Name& b) { return a.text < b.text; });
    return names;
}

void Scanner::visit(const fs::path& folder, const Name& name, std::vector<Level>& levels) {
    if (options_.hidden == Hidden::skip && name.text.starts_with('.')) return;
    fs::path path = folder / name.text;
    const bool wanted = has_audio_extension(name.text);
    // Most entries are regular files of no interest, which need no stat().
    if (name.type == DT_REG && !wanted) return visitor_.ignored(path);

    const auto status = file_status(path);
    if (!status) {
        if (wanted || name.type == DT_DIR) return visitor_.problem(path, status.error());
        return visitor_.ignored(path);
    }
    if (!*status) {
        if (name.type != DT_LNK) return;  // it went since the folder was read
        if (!wanted) return visitor_.ignored(path);
        return visitor_.problem(path, {ErrorKind::not_available, "a symbolic link to a file that is not there", {}});
    }
    std::error_code error;
    switch ((*status)->type) {
        case FileType::folder:
            if (options_.folder_links == FolderLinks::skip && fs::is_symlink(path, error)) {
                return visitor_.ignored(path);
            }
            return enter(std::move(path), **status, levels);
        case FileType::regular: return wanted ? emit(std::move(path), **status) : visitor_.ignored(path);
        case FileType::other: return visitor_.ignored(path);
    }
}

void Scanner::enter(fs::path folder, const FileStatus& status, std::vector<Level>& levels) {
    if (met_.contains(status.id)) return;
    auto names = read_folder(folder);
    if (!names) return visitor_.problem(folder, names.error());
    if (names->empty()) folders_.push_back({folder, true, true});
    met_.insert(status.id);
    levels.push_back({std::move(folder), std::move(*names), 0});
}

void Scanner::emit(fs::path path, const FileStatus& status) {
    if (!met_.insert(status.id).second) return;
    if (!visitor_.file({std::move(path), status})) ended_ = true;
}

}  // namespace audio_ident::ingest
