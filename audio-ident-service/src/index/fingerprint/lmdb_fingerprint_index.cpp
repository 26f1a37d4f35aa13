#include "index/fingerprint/lmdb_fingerprint_index.hpp"

namespace audio_ident::index {

Result<std::unique_ptr<LmdbFingerprintIndex>> LmdbFingerprintIndex::open(const IndexEnvironment& environment,
                                                                         const lmdb::Transaction& transaction,
                                                                         lmdb::Access access) {
    const bool writes = access == lmdb::Access::read_write;
    if (!writes && !Tables::exist(transaction)) return no_fingerprint_index(environment.folder().string());
    const Tables tables(transaction, writes ? lmdb::IfMissing::create : lmdb::IfMissing::refuse);
    LmdbMaps maps(transaction, tables);
    if (writes && !read_meta(maps)) write_meta(maps, {.merge_target = MetaRecord::kNoMerge});
    if (const auto meta = read_checked_meta(maps, environment.folder().string()); !meta) return forward(meta);
    return std::unique_ptr<LmdbFingerprintIndex>(new LmdbFingerprintIndex(environment, tables));
}

}  // namespace audio_ident::index
