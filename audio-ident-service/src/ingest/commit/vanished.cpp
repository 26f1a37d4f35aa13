#include "ingest/commit/vanished.hpp"

#include <algorithm>
#include <optional>
#include <set>
#include <unordered_map>
#include <utility>

#include "ingest/commit/row_file.hpp"
#include "ingest/scan/file_status.hpp"
#include "util/path_text.hpp"

namespace audio_ident::ingest {

namespace fs = std::filesystem;

namespace {

class FolderTable {
  public:
    explicit FolderTable(std::span<const ScannedFolder> folders) {
        for (const ScannedFolder& folder : folders) table_.insert_or_assign(folder.path.native(), &folder);
    }

    /// Returns the innermost scanned folder above the file; null when there is none.
    const ScannedFolder* around(const fs::path& file) const {
        fs::path folder = file;
        while (folder.has_relative_path()) {
            folder = folder.parent_path();
            const auto found = table_.find(folder.native());
            if (found != table_.end()) return found->second;
        }
        return nullptr;
    }

  private:
    std::unordered_map<std::string, const ScannedFolder*> table_;
};

/// Takes the rows that share a path, which come one after the other. One of them belongs to the file that is there; the
/// others are displaced.
class SamePath {
  public:
    explicit SamePath(std::vector<TrackId>& displaced) : displaced_(displaced) {}

    void add(const catalog::FileRecord& record) {
        if (record.file_path != path_) finish();
        path_ = record.file_path;
        rows_.push_back({record.id, record.file_size_bytes, record.file_modified_ns});
    }
    void finish() {
        if (rows_.size() > 1) settle();
        rows_.clear();
    }

  private:
    struct Row {
        TrackId id;
        std::int64_t size_bytes;
        std::int64_t modified_ns;
    };

    void settle() {
        const auto bytes = util::path_from_text(path_);
        const auto status = bytes ? file_status(*bytes) : Result<std::optional<FileStatus>>();
        if (!status || !*status) return;
        const auto holds = [&](const Row& row) {
            return row.size_bytes == (*status)->size_bytes && row.modified_ns == (*status)->modified_ns;
        };
        if (std::none_of(rows_.begin(), rows_.end(), holds)) return;
        for (const Row& row : rows_) {
            if (!holds(row)) displaced_.push_back(row.id);
        }
    }

    std::vector<TrackId>& displaced_;
    std::string path_;
    std::vector<Row> rows_;
};

}  // namespace

Result<VanishedFindings> find_vanished(catalog::Catalog& catalog, std::span<const ScannedFolder> folders,
                                       storage::AudioStore* audio, const Deadline& deadline) {
    const FolderTable table(folders);
    VanishedFindings findings;
    std::set<fs::path> away;
    SamePath same_path(findings.displaced);
    const auto done = catalog.for_each_file(
        [&](const catalog::FileRecord& record) {
            same_path.add(record);
            const auto bytes = util::path_from_text(record.file_path);
            if (!bytes) return;
            const fs::path path(*bytes);
            const ScannedFolder* folder = table.around(path);
            if (!folder || !folder->readable) return;
            if (folder->empty) {
                away.insert(folder->path);
                return;
            }
            if (file_is_gone(path, audio, deadline)) findings.tracks.push_back({record.id, record.file_path});
        },
        deadline);
    if (!done) return forward(done);
    same_path.finish();
    findings.away.assign(away.begin(), away.end());
    return findings;
}

}  // namespace audio_ident::ingest
