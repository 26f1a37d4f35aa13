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
    Hidden hidden = Hidden::skip;                  ///< files and folders whose name begins with '.', in scanned folders
    FolderLinks folder_links = FolderLinks::skip;  ///< symbolic links to folders in scanned folders
};

/// Receives the findings of a scan, one call at a time.
class ScanVisitor {
  public:
    virtual ~ScanVisitor() = default;
    /// A file to try; false ends the scan.
    virtual bool file(FileEntry entry) = 0;
    /// Something in a folder that the scan leaves out: a file of another kind, or a link to a folder.
    virtual void ignored(const std::filesystem::path& path) = 0;
    /// A name or folder that cannot be scanned; the scan continues.
    virtual void problem(const std::filesystem::path& path, Error error) = 0;
};

/// A folder that was scanned because it was named, or that holds nothing.
struct ScannedFolder {
    std::filesystem::path path;  ///< absolute, lexically normal
    bool readable = false;
    bool empty = false;  ///< it holds nothing at all, like the mount point of a disk that is not mounted
};

/// Finds the files under the names that somebody gave. Tries every named file, whatever its extension, hidden or not,
/// and follows named links. Walks folders in the order of the bytes of names, so that two scans of the same tree find
/// the same files in the same order. Never reports a file twice, whatever its names, and never walks a folder twice, so
/// that loops end. Keeps the names in the folders that it is walking, and about 24 bytes for each file.
class Scanner {
  public:
    Scanner(ScanOptions options, ScanVisitor& visitor, std::stop_token stop);

    /// Scans a file or folder that somebody named; relative to the working directory.
    void scan(const std::filesystem::path& name);
    /// Scans every name of the list. Fails when the list cannot be read.
    Result<void> scan_list(NameList& list);

    /// False when a stop or the visitor ended the scan before everything was found.
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

/// Returns the absolute, lexically normal path, without a slash at the end. Where a ".." behind a link leads elsewhere,
/// the path of the file that the system would open.
std::filesystem::path normal_path(const std::filesystem::path& name);

}  // namespace audio_ident::ingest
