#include "index/fingerprint/lmdb_reader.hpp"

#include "index/fingerprint/index_version.hpp"

namespace audio_ident::index {

Result<std::unique_ptr<FingerprintSnapshot>> LmdbFingerprintReader::snapshot(const Deadline& deadline) {
    using Answer = Result<std::unique_ptr<FingerprintSnapshot>>;
    return guarded(kFingerprintIndexName, environment_.folder(), [&]() -> Answer {
        if (deadline.expired()) return fail(ErrorKind::timeout, "fingerprint index: no time left to read it");
        auto transaction = std::make_unique<lmdb::Transaction>(environment_.lmdb(), lmdb::Access::read_only);
        auto state = state_at(*transaction);
        if (!state) return forward(state);
        return std::make_unique<LmdbSnapshot>(environment_, std::move(transaction), tables_, std::move(*state));
    });
}

Result<std::shared_ptr<const LmdbState>> LmdbFingerprintReader::state_at(const lmdb::Transaction& transaction) {
    const std::lock_guard lock(mutex_);
    if (state_ && state_->transaction == transaction.id()) return state_;
    const auto meta = read_checked_meta(LmdbMaps(transaction, tables_), environment_.folder().string());
    if (!meta) return forward(meta);
    state_ = LmdbState::load(environment_.lmdb(), transaction, tables_);
    return state_;
}

}  // namespace audio_ident::index
