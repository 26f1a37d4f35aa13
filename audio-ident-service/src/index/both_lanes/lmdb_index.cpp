#include "index/both_lanes/lmdb_index.hpp"

#include <utility>

#include "index/both_lanes/lmdb_lanes.hpp"
#include "index/fingerprint/index_version.hpp"
#include "index/fingerprint/lmdb_fingerprint_index.hpp"
#include "index/lmdb/index_environment.hpp"

namespace audio_ident::index {

struct LmdbIndex::Impl {
    Impl(const std::filesystem::path& folder, lmdb::Access access, Executor& threads)
        : environment(folder, access, kTables + kVectorTables), executor(threads) {}

    IndexEnvironment environment;
    Executor& executor;
    std::unique_ptr<LmdbFingerprintIndex> fingerprints;
    std::optional<VectorTables> vectors;
    std::unique_ptr<LmdbRemovingWriter> writer;
};

LmdbIndex::LmdbIndex(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
LmdbIndex::~LmdbIndex() = default;

Result<std::unique_ptr<LmdbIndex>> LmdbIndex::open(const std::filesystem::path& folder, lmdb::Access access,
                                                   Executor& executor) {
    using Answer = Result<std::unique_ptr<LmdbIndex>>;
    return guarded(kFingerprintIndexName, folder, [&]() -> Answer {
        if (access == lmdb::Access::read_only && !IndexEnvironment::has_data(folder)) {
            return no_fingerprint_index(folder.string());
        }
        auto impl = std::make_unique<Impl>(folder, access, executor);
        lmdb::Transaction transaction(impl->environment.lmdb(), access);
        auto fingerprints = LmdbFingerprintIndex::open(impl->environment, transaction, access);
        if (!fingerprints) return forward(fingerprints);
        impl->fingerprints = std::move(*fingerprints);
        impl->vectors = VectorTables::open(transaction, access);
        impl->writer = std::make_unique<LmdbRemovingWriter>(impl->fingerprints->writer(), impl->vectors);
        transaction.commit();
        return std::unique_ptr<LmdbIndex>(new LmdbIndex(std::move(impl)));
    });
}

FingerprintIndexReader& LmdbIndex::reader() {
    return impl_->fingerprints->reader();
}
FingerprintIndexWriter& LmdbIndex::writer() {
    return *impl_->writer;
}

std::unique_ptr<LmdbVectorIndex> LmdbIndex::vectors(VectorSpace space, std::size_t graph_from) const {
    return std::make_unique<LmdbVectorIndex>(impl_->environment, impl_->vectors, std::move(space), impl_->executor,
                                             graph_from);
}

std::unique_ptr<BothLanesWriter> LmdbIndex::both_lanes(VectorSpace space) {
    return std::make_unique<LmdbBothLanesWriter>(impl_->fingerprints->writer(), impl_->vectors,
                                                 vectors(std::move(space)));
}

Result<std::vector<VectorSpace>> LmdbIndex::vector_spaces(const Deadline& deadline) const {
    return impl_->environment.read(kVectorIndexName, deadline,
                                   [&](const lmdb::Transaction& transaction) -> Result<std::vector<VectorSpace>> {
                                       if (!impl_->vectors) return std::vector<VectorSpace>();
                                       return impl_->vectors->list_spaces(transaction);
                                   });
}

Result<void> LmdbIndex::drop_vector_space(const std::string& name, const Deadline& deadline) {
    return vectors({name, 1})->writer().clear(deadline);
}

}  // namespace audio_ident::index
