#include "app/copy_library.hpp"

#include <filesystem>
#include <fmt/format.h>
#include <map>
#include <memory>
#include <system_error>
#include <utility>

#include "app/library_place.hpp"
#include "app/shared_documents.hpp"
#include "catalog/copy.hpp"
#include "catalog/file_documents.hpp"
#include "catalog/postgres_backend.hpp"
#include "catalog/postgres_documents.hpp"
#include "catalog/postgres_lock.hpp"
#include "catalog/sqlite_backend.hpp"
#include "index/both_lanes/lmdb_folder.hpp"
#include "index/fingerprint/copy_index.hpp"
#include "index/fingerprint/index_version.hpp"
#include "index/postgres/postgres_map_store.hpp"
#include "index/vector/copy_vectors.hpp"
#include "util/durable_folder.hpp"
#include "util/url.hpp"

namespace audio_ident::app {
namespace {

namespace fs = std::filesystem;
using library::CopyPart;
using library::CopyReport;

constexpr std::string_view kSqlite = "sqlite://";

bool is_sqlite(const std::string& url) {
    return url.starts_with(kSqlite);
}

std::shared_ptr<catalog::SqlBackend> sql_backend(const std::string& url) {
    if (is_sqlite(url)) return catalog::make_sqlite_backend(url.substr(kSqlite.size()));
    return catalog::make_postgres_backend(url);
}

/// The same for every name of a folder.
fs::path one_name(const fs::path& folder) {
    std::error_code error;
    auto path = fs::weakly_canonical(folder, error);
    return error ? folder : path;
}

/// The vectors of one space, and what they need.
struct OpenVectors {
    std::unique_ptr<index::LmdbVectorIndex> lmdb;
    std::unique_ptr<index::QdrantVectorIndex> qdrant;

    index::VectorsInStore store() const {
        if (lmdb) return {lmdb->reader(), lmdb->writer()};
        return {qdrant->reader(), qdrant->writer()};
    }
};

/// Opens the stores of both libraries, each folder of LMDB once.
class Stores {
  public:
    explicit Stores(Executor& executor) : executor_(executor) {}

    /// To be called before anything is opened.
    template <typename Place>
    void will_write(const Place& place) {
        if (const auto* path = std::get_if<fs::path>(&place)) targets_.insert(one_name(*path));
    }

    /// Null when there is nothing in the folder.
    Result<index::LmdbFolder*> folder(const fs::path& name) {
        const auto path = one_name(name);
        const auto opened = folders_.find(path);
        if (opened != folders_.end()) return opened->second.get();
        const auto access = targets_.contains(path) ? lmdb::Access::read_write : lmdb::Access::read_only;
        auto folder = index::LmdbFolder::open(path, access, executor_);
        if (!folder) return forward(folder);
        return (folders_[path] = std::move(*folder)).get();
    }

    /// Null when there is nothing in the folder.
    Result<index::MapStore*> maps(const LibraryPlace::Fingerprints& place) {
        if (const auto* path = std::get_if<fs::path>(&place)) {
            const auto opened = folder(*path);
            if (!opened) return forward(opened);
            return *opened ? &(*opened)->maps() : nullptr;
        }
        const auto& url = std::get<std::string>(place);
        auto& store = databases_[url];
        if (!store) store = std::make_unique<index::PostgresMapStore>(url, index::kFingerprintIndexName);
        return store.get();
    }

    Result<std::vector<index::VectorSpace>> spaces(const LibraryPlace::Vectors& place, const Deadline& deadline) {
        const auto* path = std::get_if<fs::path>(&place);
        if (!path) return index::QdrantVectorIndex::spaces(std::get<index::QdrantServer>(place), deadline);
        const auto opened = folder(*path);
        if (!opened) return forward(opened);
        if (!*opened) return std::vector<index::VectorSpace>();
        return (*opened)->vector_spaces(deadline);
    }

    /// The folder must have something in it.
    Result<OpenVectors> vectors(const LibraryPlace::Vectors& place, const index::VectorSpace& space,
                                const Deadline& deadline) {
        OpenVectors vectors;
        if (const auto* path = std::get_if<fs::path>(&place)) {
            const auto opened = folder(*path);
            if (!opened) return forward(opened);
            vectors.lmdb = (*opened)->vectors(space);
            return vectors;
        }
        auto opened = index::QdrantVectorIndex::open(std::get<index::QdrantServer>(place), space, deadline);
        if (!opened) return forward(opened);
        vectors.qdrant = std::move(*opened);
        return vectors;
    }

  private:
    Executor& executor_;
    std::set<fs::path> targets_;
    std::map<fs::path, std::unique_ptr<index::LmdbFolder>> folders_;
    std::map<std::string, std::unique_ptr<index::PostgresMapStore>> databases_;
};

/// One copy. The catalog comes last and at once, and the index opens only after it: whatever ends the copy before, the
/// target is an empty library or none, and another copy begins again.
class LibraryCopy {
  public:
    LibraryCopy(const config::Settings& settings, Executor& executor, LibraryPlace from, LibraryPlace to,
                const library::Turn& turn, library::CopyObserver& observer)
        : settings_(settings),
          from_(std::move(from)),
          to_(std::move(to)),
          turn_(turn),
          observer_(observer),
          stores_(executor),
          deadline_(Deadline::never(turn.stop)) {}

    Result<CopyReport> run(const std::set<CopyPart>& wanted) {
        if (auto chosen = choose(wanted); !chosen) return forward(chosen);
        for (const auto step :
             {&LibraryCopy::lock, &LibraryCopy::check, &LibraryCopy::begin, &LibraryCopy::copy_index,
              &LibraryCopy::copy_vectors, &LibraryCopy::copy_state, &LibraryCopy::copy_catalog, &LibraryCopy::finish}) {
            if (auto done = (this->*step)(); !done) return forward(done);
        }
        return report_;
    }

  private:
    /// Which parts to copy.
    Result<void> choose(const std::set<CopyPart>& wanted) {
        for (const CopyPart part : library::kEveryCopyPart) {
            if (!wanted.empty() && !wanted.contains(part)) continue;
            if (!(has(from_, part) && has(to_, part))) {
                if (wanted.empty()) continue;
                return fail(ErrorKind::invalid_input,
                            "sqlite://PATH is a catalog alone and has no {}; `embedded` is the library in the data "
                            "folder",
                            name_of(part));
            }
            if (is_same(part)) same_.insert(part);
            else parts_.insert(part);
        }
        if (parts_.empty())
            return fail(ErrorKind::invalid_input, "there is nothing to copy: the source and the target are the same");
        if (copies(CopyPart::fingerprints)) stores_.will_write(*to_.fingerprints);
        if (copies(CopyPart::vectors)) stores_.will_write(*to_.vectors);
        for (const CopyPart part : same_) {
            if (part == CopyPart::catalog || part == CopyPart::state) continue;
            observer_.on_notice(fmt::format("{} stay where they are, in {}: both libraries use them there",
                                            name_of(part), location_of_target(part)));
        }
        return {};
    }

    static bool has(const LibraryPlace& place, CopyPart part) {
        if (part == CopyPart::catalog) return true;
        // A catalog alone has no state either.
        return part == CopyPart::vectors ? place.vectors.has_value() : place.fingerprints.has_value();
    }

    bool is_same(CopyPart part) const {
        switch (part) {
            case CopyPart::catalog:
            case CopyPart::state: return from_.catalog == to_.catalog;
            case CopyPart::fingerprints: return same_place(*from_.fingerprints, *to_.fingerprints);
            case CopyPart::vectors: break;
        }
        return same_place(*from_.vectors, *to_.vectors);
    }

    std::string location_of_target(CopyPart part) const {
        return part == CopyPart::fingerprints ? location_of(*to_.fingerprints) : location_of(*to_.vectors);
    }

    /// Nobody may change either library. The caller has the lock of the data folder, and of the settings' server.
    Result<void> lock() {
        for (const auto& url : {from_.catalog, to_.catalog}) {
            if (is_sqlite(url) || url == settings_.catalog.url || locks_.contains(url)) continue;
            auto lock = catalog::lock_postgres(url, turn_.purpose, catalog::SharedLock::Place::in_line,
                                               Deadline::after(turn_.wait, turn_.stop));
            if (!lock) return forward(lock);
            locks_.emplace(url, std::move(*lock));
        }
        return {};
    }

    bool copies(CopyPart part) const { return parts_.contains(part); }

    Result<void> check() {
        if (copies(CopyPart::catalog)) {
            if (auto checked = check_catalogs(); !checked) return checked;
        }
        if (copies(CopyPart::fingerprints)) {
            if (auto checked = check_indexes(); !checked) return checked;
        }
        return copies(CopyPart::vectors) ? check_vectors() : Result<void>();
    }

    Result<void> check_catalogs() {
        if (is_sqlite(from_.catalog)) {
            std::error_code ignored;
            const auto path = from_.catalog.substr(kSqlite.size());
            if (!fs::exists(path, ignored))
                return fail(ErrorKind::not_available, "there is no library to copy: {} is missing", path);
        }
        if (is_sqlite(to_.catalog)) {
            const auto folder = fs::path(to_.catalog.substr(kSqlite.size())).parent_path();
            if (const auto error = util::make_private_folder(folder)) {
                return fail(ErrorKind::not_available, "cannot make the folder {}: {}", folder.string(),
                            error.message());
            }
        }
        return catalog::prepare_copy(sql_backend(to_.catalog), deadline_);
    }

    Result<void> check_indexes() {
        const auto from = stores_.maps(*from_.fingerprints);
        if (!from) return forward(from);
        const auto to = stores_.maps(*to_.fingerprints);
        if (!to) return forward(to);
        if (*from) {
            index_.emplace(**from, **to);
            const auto there = index_->has_source(deadline_);
            if (!there) return forward(there);
            if (*there) return index_->check_target(deadline_);
            index_.reset();
        }
        observer_.on_notice(fmt::format(
            "there is no fingerprint index in {}; `audio-ident rebuild-index` makes one from the audio files",
            location_of(*from_.fingerprints)));
        return {};
    }

    Result<void> check_vectors() {
        auto spaces = stores_.spaces(*from_.vectors, deadline_);
        if (!spaces) return forward(spaces);
        spaces_ = std::move(*spaces);
        for (const auto& space : spaces_) {
            const auto from = stores_.vectors(*from_.vectors, space, deadline_);
            if (!from) return forward(from);
            const auto to = stores_.vectors(*to_.vectors, space, deadline_);
            if (!to) return forward(to);
            auto checked = index::check_vectors_belong(from->store().writer, to->store().writer,
                                                       location_of(*to_.vectors), deadline_);
            if (!checked) return checked;
        }
        return {};
    }

    Result<void> begin() {
        if (!index_) return {};
        if (const auto* url = std::get_if<std::string>(&*to_.fingerprints)) {
            // Running services must not take what they know of the index before for this one.
            index::PostgresMapStore store(*url, index::kFingerprintIndexName);
            if (auto erased = store.erase(deadline_); !erased) return erased;
        }
        return index_->begin(deadline_);
    }

    Result<void> copy_index() {
        if (!index_) return {};
        const auto copied = index_->copy(
            [&](const auto& so_far) { observer_.on_progress(CopyPart::fingerprints, so_far.bytes, std::nullopt); },
            deadline_);
        if (!copied) return forward(copied);
        report_.fingerprints = {.tracks = copied->tracks, .bytes = copied->bytes};
        return {};
    }

    Result<void> copy_vectors() {
        if (!copies(CopyPart::vectors)) return {};
        auto& report = report_.vectors.emplace();
        for (const auto& space : spaces_) {
            const auto from = stores_.vectors(*from_.vectors, space, deadline_);
            if (!from) return forward(from);
            const auto to = stores_.vectors(*to_.vectors, space, deadline_);
            if (!to) return forward(to);
            const auto copied = index::copy_vectors(
                from->store(), to->store().writer,
                [&](std::size_t done, std::size_t of) { observer_.on_progress(CopyPart::vectors, done, of); },
                deadline_);
            if (!copied) return forward(copied);
            report.push_back({space.name, *copied});
        }
        return {};
    }

    Result<void> copy_state() {
        if (!copies(CopyPart::state)) return {};
        const auto copied = copy_documents(
            *documents_of(from_), *documents_of(to_),
            [&](std::size_t done, std::size_t of) { observer_.on_progress(CopyPart::state, done, of); }, deadline_);
        if (!copied) return forward(copied);
        report_.documents = *copied;
        return {};
    }

    std::unique_ptr<catalog::DocumentStore> documents_of(const LibraryPlace& place) const {
        if (is_sqlite(place.catalog)) return std::make_unique<catalog::FileDocuments>(settings_.data_dir);
        return catalog::make_postgres_documents(place.catalog);
    }

    Result<void> copy_catalog() {
        if (!copies(CopyPart::catalog)) return {};
        for (const auto& [url, lock] : locks_) {
            if (auto held = lock->check(deadline_); !held) return held;
        }
        const auto copied = catalog::copy_catalog(sql_backend(from_.catalog), sql_backend(to_.catalog), deadline_);
        if (!copied) return forward(copied);
        report_.tracks = *copied;
        return {};
    }

    Result<void> finish() { return index_ ? index_->finish(deadline_) : Result<void>(); }

    const config::Settings& settings_;
    LibraryPlace from_;
    LibraryPlace to_;
    library::Turn turn_;
    library::CopyObserver& observer_;
    std::map<std::string, std::unique_ptr<catalog::SharedLock>> locks_;
    Stores stores_;
    Deadline deadline_;
    std::set<CopyPart> parts_;
    std::set<CopyPart> same_;
    std::optional<index::IndexCopy> index_;
    std::vector<index::VectorSpace> spaces_;
    CopyReport report_;
};

}  // namespace

Result<CopyReport> copy_library(const config::Settings& settings, Executor& executor,
                                const library::CopyRequest& request, const library::Turn& turn,
                                library::CopyObserver& observer) {
    auto from = find_library(request.from, request.from_vectors, settings);
    if (!from) return forward(from);
    auto to = find_library(request.to, request.to_vectors, settings);
    if (!to) return forward(to);
    return LibraryCopy(settings, executor, std::move(*from), std::move(*to), turn, observer).run(request.parts);
}

}  // namespace audio_ident::app
