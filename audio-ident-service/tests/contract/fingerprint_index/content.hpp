#pragma once

#include <filesystem>
#include <gtest/gtest.h>
#include <map>
#include <string>
#include <utility>

#include "index/lmdb/lmdb_maps.hpp"
#include "index/store/maps.hpp"

namespace audio_ident::test {

constexpr index::IndexName kName{"fingerprint index", "audio-ident rebuild-index"};

using Content = std::map<std::pair<index::Map, std::string>, std::string>;

inline std::string text_of(index::Bytes bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// All that a store holds.
inline Content content_of(index::MapStore& store) {
    Content content;
    const auto read = store.read({}, [&](const index::MapView& maps) -> Result<void> {
        for (const index::Map map : index::kEveryMap) {
            maps.scan(map, {}, {}, [&](index::Bytes key, index::Bytes value) {
                content.emplace(std::pair(map, text_of(key)), text_of(value));
            });
        }
        return {};
    });
    EXPECT_TRUE(read) << read.error().message;
    return content;
}

inline Content content_of_lmdb(const std::filesystem::path& folder) {
    const index::IndexEnvironment environment(folder, lmdb::Access::read_only, index::kTables);
    lmdb::Transaction transaction(environment.lmdb(), lmdb::Access::read_only);
    const index::Tables tables(transaction, lmdb::IfMissing::refuse);
    transaction.commit();
    index::LmdbMapStore store(environment, tables, kName);
    return content_of(store);
}

}  // namespace audio_ident::test
