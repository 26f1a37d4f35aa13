#pragma once

#include <atomic>
#include <fcntl.h>
#include <filesystem>
#include <functional>
#include <gtest/gtest.h>
#include <map>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <sys/stat.h>
#include <vector>

#include "catalog/file_documents.hpp"
#include "fake_analyzer.hpp"
#include "fake_stores.hpp"
#include "fake_vectors.hpp"
#include "index/both_lanes/separate_lanes.hpp"
#include "ingest/ingest.hpp"
#include "support/files.hpp"
#include "support/temp_folder.hpp"
#include "util/path_text.hpp"

namespace audio_ident::ingest::test {

/// A music library on disk, and stores to ingest it into.
class Library : public IngestObserver {
  public:
    Library() : root(std::filesystem::canonical(folder.path()) / "music") { std::filesystem::create_directory(root); }

    void put(std::string_view name, std::string_view content) {
        std::filesystem::create_directories((root / name).parent_path());
        audio_ident::test::write_file(root / name, content);
        set_time(name, ++clock_);
    }
    void set_time(std::string_view name, std::int64_t seconds) {
        const struct timespec times[2] = {{0, UTIME_OMIT}, {seconds, 0}};
        if (::utimensat(AT_FDCWD, (root / name).c_str(), times, 0) != 0) throw std::runtime_error("utimensat failed");
    }
    void move(std::string_view from, std::string_view to) { std::filesystem::rename(root / from, root / to); }
    void remove(std::string_view name) { std::filesystem::remove(root / name); }

    IngestRequest request() const {
        IngestRequest request;
        request.paths = {root};
        request.threads = 2;
        return request;
    }
    /// Calls `body` with the parts of an ingest while it holds the lock.
    template <typename Body>
    auto with_parts(const Body& body) {
        auto folder_lock = util::FileLock::acquire(folder / "lock", "a test", Deadline::after(std::chrono::seconds(0)));
        if (!folder_lock) throw std::runtime_error(folder_lock.error().message);
        const ChangeLock lock(std::move(*folder_lock));
        analyses = 0;
        const IngestParts parts{
            .stores = {.catalog = disk.catalog,
                       .fingerprints = disk.index,
                       .waveforms = waveforms,
                       .lanes = embeds ? &lanes : nullptr,
                       .vectors = embeds ? &vectors : nullptr,
                       .forget_vectors = embeds ? forget : nullptr},
            .make_analyzer =
                [this] {
                    return std::make_unique<FakeAnalyzer>(analyses, before_analysis, [this](Analysis& analysis) {
                        if (!embeds) return;
                        analysis.embedding_failure = embedding_failure;
                        if (!embedding_failure) {
                            analysis.embedding = fake_embedding(static_cast<float>(analysis.fingerprint.frames));
                        }
                    });
                },
            .chromaprint = fake_chromaprint(),
            .lock = lock,
            .duplicate_notes = &documents};
        return body(parts);
    }
    IngestReport run(const IngestRequest& request) {
        return with_parts(
            [&](const IngestParts& parts) { return run_ingest(parts, request, *this, stop.get_token()); });
    }
    IngestReport run() { return run(request()); }

    void on_file(const FileEvent& event) override { events.push_back(event); }
    void on_progress(const IngestProgress& progress) override { last_progress = progress; }

    std::string path_text(std::string_view name) const { return util::path_to_text((root / name).native()); }

    /// "name: title" of all ready tracks, in order of names. A line says so when the row is not ready, or when its
    /// index entry is missing or has other music. Orphans come last.
    std::vector<std::string> tracks() const { return describe(disk.state()); }
    std::vector<std::string> describe(const StoredState& state) const {
        std::multiset<std::string> lines;
        for (const auto& [id, row] : state.rows) {
            std::string line = row.file_path.substr(root.native().size() + 1) + ": " + row.title;
            if (row.state != catalog::TrackState::ready) line += " (pending)";
            const auto entry = state.entries.find(id);
            if (entry == state.entries.end()) line += " (not in the index)";
            else if ("song " + std::to_string(entry->second.frames) != row.title) line += " (index has other music)";
            lines.insert(line);
        }
        std::vector<std::string> all(lines.begin(), lines.end());
        for (const auto& entry : state.entries) {
            if (!state.rows.contains(entry.first)) all.push_back("orphan");
        }
        return all;
    }
    TrackId id_of(std::string_view name) const { return row_of(name).id; }
    catalog::Track row_of(std::string_view name) const {
        for (const auto& [id, row] : disk.catalog.rows()) {
            if (row.file_path == path_text(name)) return row;
        }
        throw std::runtime_error("no track of that name");
    }

    audio_ident::test::TempFolder folder;
    std::filesystem::path root;
    FakeStores disk;
    catalog::FileDocuments documents{folder.path()};
    WaveformStore waveforms{documents};
    bool embeds = false;  ///< whether tracks get vectors
    std::optional<Error> embedding_failure;
    FakeVectors vectors;
    std::function<Result<void>(std::span<const TrackId>, const Deadline&)> forget =
        std::bind_front(&FakeVectors::remove, &vectors);
    index::SeparateLanesWriter lanes{disk.index, vectors};
    std::stop_source stop;
    std::atomic<int> analyses = 0;
    std::function<void(const std::string&)> before_analysis;
    std::vector<FileEvent> events;
    IngestProgress last_progress;

  private:
    std::int64_t clock_ = 1'700'000'000;
};

}  // namespace audio_ident::ingest::test
