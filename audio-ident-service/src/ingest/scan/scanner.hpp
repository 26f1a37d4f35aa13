#pragma once

#include <boost/unordered/unordered_flat_set.hpp>
#include <cstdint>
#include <filesystem>
#include <stop_token>
#include <string>
#include <vector>

#include "core/error.hpp"
#include "core/result.hpp"
#include "ingest/scan/file_status.hpp"
#include "ingest/scan/name_list.hpp"

namespace audio_ident::ingest {

enum class Hidden { skip, include };
enum class FolderLinks { skip, follow };

struct ScanOptions {
    Hidden hidden = Hidden::skip;                  ///< files and folders in scanned folders whose name begins with '.'
    FolderLinks folder_links = FolderLinks::skip;  ///< symbolic links to folders in scanned folders
};

/// Receives what a scan meets, one call at a time.
class ScanVisitor {
  public:
    virtual ~ScanVisitor() = default;
    /// A file to try; false ends the scan.
    virtual bool file(FileEntry entry) = 0;
    /// Something in a folder that is not taken for music: another kind of file, or a link to a folder.
    virtual void ignored(const std::filesystem::path& path) = 0;
    /// A name or folder that cannot be scanned; the scan goes on.
    virtual void problem(const std::filesystem::path& path, Error error) = 0;
};

/// A folder that was scanned because it was named.
struct ScannedFolder {
    std::filesystem::path path;  ///< absolute, lexically normal
    bool readable = false;
    bool empty = false;  ///< nothing at all in it, like the mount point of a disk that is away
};

/// Finds the files under names. Explicit names are always tried, whatever their extension, hidden or not, links followed;
/// folders are walked in the order of their names' bytes, so that two scans of the same tree meet the same files in the
/// same order. No file is met twice, by whatever names, and no folder is walked twice, so that loops end.
/// Memory: the names of the folders being walked, and 24 bytes or so a file met.
class Scanner {
  public:
    Scanner(ScanOptions options, ScanVisitor& visitor, std::stop_token stop);

    /// A file or folder somebody named; relative to the current folder.
    void scan(const std::filesystem::path& name);
    /// Every name of the list. Fails when the list cannot be read.
    Result<void> scan_list(NameList& list);

    /// False after a stop, or after the visitor ended it: what follows was not met.
    bool complete() const { return !ended_; }
    const std::vector<ScannedFolder>& folders() const { return folders_; }

  private:
    struct Name {
        std::string text;
        unsigned char type = 0;  ///< readdir's d_type
    };
    struct Level {
        std::filesystem::path folder;
        std::vector<Name> names;
        std::size_t next = 0;
    };

    bool ended();
    void walk(const std::filesystem::path& root);
    Result<std::vector<Name>> read_folder(const std::filesystem::path& folder);
    void visit(const std::filesystem::path& folder, const Name& name, std::vector<Level>& levels);
    void enter(std::filesystem::path folder, const FileStatus& status, std::vector<Level>& levels);
    void emit(std::filesystem::path path, const FileStatus& status);

    ScanOptions options_;
    ScanVisitor& visitor_;
    std::stop_token stop_;
    bool ended_ = false;
    std::vector<ScannedFolder> folders_;
    boost::unordered_flat_set<FileId> met_;  ///< files and folders
};

/// Absolute and lexically normal, without a slash at the end. Where a ".." behind a link makes the two differ, the file
/// the system would open wins.
std::filesystem::path normal_path(const std::filesystem::path& name);

}  // namespace audio_ident::ingest
