#include "index/fingerprint/postgres_fingerprint_index.hpp"

#include "index/fingerprint/index_version.hpp"
#include "index/fingerprint/postgres_snapshot.hpp"

namespace audio_ident::index {

namespace {

constexpr const char* kBegin = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";

Result<Outcome> make(MapTransaction& maps) {
    if (read_meta(maps)) return Outcome::unchanged;
    write_meta(maps, {.merge_target = MetaRecord::kNoMerge});
    return Outcome::changed;
}

}  // namespace

PostgresFingerprintIndex::PostgresFingerprintIndex(const Settings& settings)
    : store_(settings.url, kFingerprintIndexName),
      writer_(store_),
      shards_(settings.cache_bytes - settings.cache_bytes / 4, settings.copy),
      peaks_(settings.cache_bytes / 4) {}

Result<std::unique_ptr<PostgresFingerprintIndex>> PostgresFingerprintIndex::open(const Settings& settings,
                                                                                 IfMissing if_missing,
                                                                                 const Deadline& deadline) {
    std::unique_ptr<PostgresFingerprintIndex> index(new PostgresFingerprintIndex(settings));
    std::optional<MetaRecord> meta;
    const auto read = [&]() {
        return index->store_.read(deadline, [&](const MapView& maps) -> Result<void> {
            meta = read_meta(maps);
            return meta ? check_version(*meta, index->store_.location()) : Result<void>();
        });
    };
    if (auto done = read(); !done) return forward(done);
    if (!meta && if_missing == IfMissing::create) {
        const auto turn = index->store_.take_turn(deadline);
        if (!turn) return forward(turn);
        if (auto made = (*turn)->write(deadline, &make); !made) return forward(made);
        if (auto done = read(); !done) return forward(done);
    }
    if (!meta) return no_fingerprint_index(index->store_.location());
    return index;
}

Result<void> PostgresFingerprintIndex::erase(const std::string& url, const Deadline& deadline) {
    return PostgresMapStore(url, kFingerprintIndexName).erase(deadline);
}

std::optional<std::uint64_t> PostgresFingerprintIndex::generation() {
    const std::lock_guard lock(mutex_);
    return state_ ? std::optional(state_->generation) : std::nullopt;
}

Result<std::unique_ptr<FingerprintSnapshot>> PostgresFingerprintIndex::snapshot(const Deadline& deadline) {
    if (deadline.expired()) return fail(ErrorKind::timeout, "fingerprint index: no time left to read it");
    auto connection = store_.connect(deadline);
    if (!connection) return forward(connection);
    std::shared_ptr<const PostgresState> known;
    {
        const std::lock_guard lock(mutex_);
        known = state_;
    }
    std::unique_ptr<FingerprintSnapshot> snapshot;
    auto opened = store_.guarded(*connection, [&]() -> Result<void> {
        auto transaction = std::make_unique<lib::Transaction>(**connection, kBegin);
        auto state = PostgresState::load(**connection, known, store_.location());
        if (!state) return forward(state);
        if (!*state) return no_fingerprint_index(store_.location());
        {
            const std::lock_guard lock(mutex_);
            if (!state_ || (*state)->is_newer_than(*state_)) state_ = *state;
        }
        snapshot = std::make_unique<PostgresSnapshot>(store_, shards_, peaks_, std::move(*connection),
                                                      std::move(transaction), std::move(*state), statements_);
        return {};
    });
    if (!opened) return forward(opened);
    return snapshot;
}

}  // namespace audio_ident::index
