#include "index/both_lanes/lmdb_folder.hpp"

#include <optional>
#include <utility>

#include "index/fingerprint/index_version.hpp"
#include "index/lmdb/lmdb_maps.hpp"

namespace audio_ident::index {

struct LmdbFolder::Impl {
    Impl(const std::filesystem::path& folder, lmdb::Access access, Executor& threads)
        : environment(folder, access, kTables + kVectorTables), executor(threads) {}

    IndexEnvironment environment;
    Executor& executor;
    std::optional<Tables> tables;
    std::optional<VectorTables> vectors;
    std::optional<LmdbMapStore> maps;
};

LmdbFolder::LmdbFolder(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
LmdbFolder::~LmdbFolder() = default;

Result<std::unique_ptr<LmdbFolder>> LmdbFolder::open(const std::filesystem::path& folder, lmdb::Access access,
                                                     Executor& executor) {
    using Answer = Result<std::unique_ptr<LmdbFolder>>;
    return guarded(kFingerprintIndexName, folder, [&]() -> Answer {
        const bool writes = access == lmdb::Access::read_write;
        if (!writes && !IndexEnvironment::has_data(folder)) return nullptr;
        auto impl = std::make_unique<Impl>(folder, access, executor);
        lmdb::Transaction transaction(impl->environment.lmdb(), access);
        if (!writes && !Tables::exist(transaction)) return nullptr;
        impl->tables.emplace(transaction, writes ? lmdb::IfMissing::create : lmdb::IfMissing::refuse);
        LmdbMaps maps(transaction, *impl->tables);
        if (writes && !read_meta(maps)) write_meta(maps, {.merge_target = MetaRecord::kNoMerge});
        impl->vectors = VectorTables::open(transaction, access);
        impl->maps.emplace(impl->environment, *impl->tables, kFingerprintIndexName);
        transaction.commit();
        return std::unique_ptr<LmdbFolder>(new LmdbFolder(std::move(impl)));
    });
}

MapStore& LmdbFolder::maps() {
    return *impl_->maps;
}

Result<std::vector<VectorSpace>> LmdbFolder::vector_spaces(const Deadline& deadline) const {
    using Answer = Result<std::vector<VectorSpace>>;
    return impl_->environment.read(kVectorIndexName, deadline, [&](const lmdb::Transaction& transaction) -> Answer {
        return impl_->vectors ? impl_->vectors->list_spaces(transaction) : std::vector<VectorSpace>();
    });
}

std::unique_ptr<LmdbVectorIndex> LmdbFolder::vectors(VectorSpace space) const {
    return std::make_unique<LmdbVectorIndex>(impl_->environment, impl_->vectors, std::move(space), impl_->executor,
                                             kGraphFromChunks);
}

}  // namespace audio_ident::index
