#include "library/stored_upkeep.hpp"

#include <cerrno>
#include <filesystem>
#include <system_error>
#include <unistd.h>

#include "library/calibrate.hpp"
#include "util/path_text.hpp"

namespace audio_ident::library {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> names_of(const std::vector<catalog::AppliedMigration>& migrations) {
    std::vector<std::string> names;
    for (const auto& migration : migrations) names.push_back(migration.name);
    return names;
}

}  // namespace

Result<void> StoredUpkeep::check_writable() const {
    std::error_code ignored;
    fs::path folder = stores_.settings().data_dir;
    while (!fs::exists(folder, ignored) && folder.has_relative_path()) folder = folder.parent_path();
    if (::access(folder.c_str(), W_OK | X_OK) == 0) return {};
    return fail(ErrorKind::not_available, "cannot write in {}: {}", folder.string(),
                std::error_code(errno, std::generic_category()).message());
}

Result<std::optional<std::string>> StoredUpkeep::check_audio(const Deadline& deadline) {
    auto* const audio = stores_.shared_audio();
    if (!audio) return std::nullopt;
    if (auto good = audio->check(deadline); !good) return forward(good);
    return audio->text();
}

Result<IndexState> StoredUpkeep::index(const Deadline& deadline) {
    const auto index = stores_.index();
    if (!index) return forward(index);
    const auto snapshot = (*index)->reader().snapshot(deadline);
    if (!snapshot) return forward(snapshot);
    const auto& stats = (*snapshot)->stats();
    return IndexState{stats.tracks, stats.outdated, stats.bytes};
}

Result<Comparison> StoredUpkeep::compare(const Deadline& deadline) {
    const auto stores = stores_.for_comparing(deadline);
    if (!stores) return forward(stores);
    Comparison comparison;
    std::vector<fs::path> elsewhere;
    const auto look = [&](const catalog::FileRecord& record) {
        const auto path = util::path_from_text(record.file_path);
        std::error_code error;
        if (path && fs::exists(*path, error)) return;
        if (path && stores->audio) elsewhere.emplace_back(*path);
        else ++comparison.missing_files;
    };
    auto differences = ingest::compare_stores(*stores, look, deadline);
    if (!differences) return forward(differences);
    if (!elsewhere.empty()) {
        const auto missing = stores->audio->count_missing(elsewhere, deadline);
        if (!missing) return forward(missing);
        comparison.missing_files += static_cast<std::int64_t>(*missing);
    }
    comparison.differences = std::move(*differences);
    return comparison;
}

Result<CalibrationReport> StoredUpkeep::calibrate(std::size_t tracks, CalibrationObserver& observer,
                                                  const std::stop_token& stop) {
    const auto rows = stores_.catalog(store_deadline(stop));
    if (!rows) return forward(rows);
    const auto index = stores_.index();
    if (!index) return forward(index);
    auto& backends = stores_.backends();
    const CalibrationParts parts{**rows, backends.decoder(), (*index)->reader(), backends.threads().computing,
                                 stores_.settings().threads};
    auto report = measure_calibration(parts, tracks, observer, stop);
    if (!report) return report;
    if (const auto stored = stores_.store_calibration(report->calibration); !stored) return forward(stored);
    return report;
}

Result<SchemaState> StoredUpkeep::schema(const Deadline& deadline) {
    const auto migrator = stores_.migrator();
    if (!migrator) return forward(migrator);
    const auto current = (*migrator)->current(deadline);
    if (!current) return forward(current);
    return SchemaState{*current ? std::optional((*current)->name) : std::nullopt, (*migrator)->heads().front().name};
}

Result<std::string> StoredUpkeep::newest_schema() {
    const auto migrator = stores_.migrator();
    if (!migrator) return forward(migrator);
    return (*migrator)->heads().front().name;
}

Result<std::vector<std::string>> StoredUpkeep::upgrade_schema(const Deadline& deadline) {
    const auto migrator = stores_.migrator();
    if (!migrator) return forward(migrator);
    const auto done = (*migrator)->upgrade(deadline);
    if (!done) return forward(done);
    return names_of(*done);
}

Result<std::vector<std::string>> StoredUpkeep::downgrade_schema(int steps, const Deadline& deadline) {
    const auto migrator = stores_.migrator();
    if (!migrator) return forward(migrator);
    const auto done = (*migrator)->downgrade(steps, deadline);
    if (!done) return forward(done);
    return names_of(*done);
}

Result<void> StoredUpkeep::reset(const Turn& turn) {
    const auto migrator = stores_.migrator();
    if (!migrator) return forward(migrator);
    return changes_.locked(turn, [&](const ingest::ChangeLock&) -> Result<void> {
        // Catalog first: a track without its row is gone, and the next ingest removes index entries without rows.
        if (auto done = (*migrator)->reset(store_deadline(turn.stop)); !done) return done;
        return stores_.replace_index();
    });
}

Result<CopyReport> StoredUpkeep::copy(const CopyRequest& request, const Turn& turn, CopyObserver& observer) {
    return changes_.locked(turn,
                           [&](const ingest::ChangeLock&) { return stores_.backends().copy(request, turn, observer); });
}

}  // namespace audio_ident::library
