#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "index/lmdb/index_environment.hpp"
#include "index/store/maps.hpp"
#include "lib/lmdb/database.hpp"

namespace audio_ident::index {

inline constexpr unsigned kTables = std::size(kEveryMap);

/// The maps as open tables of an LMDB environment.
struct Tables {
    /// Throws lmdb::LmdbError.
    Tables(const lmdb::Transaction& transaction, lmdb::IfMissing if_missing);

    /// False in an environment that was made and never written.
    static bool exist(const lmdb::Transaction& transaction);

    const lmdb::Database& of(Map map) const;

    lmdb::Database meta, tracks, numbers, segments, contents, peaks, postings;
};

/// The maps within an LMDB transaction. All bytes that it gives are valid until the transaction writes or ends.
class LmdbMaps final : public MapTransaction {
  public:
    /// Both outlive it. A read transaction must not change anything.
    LmdbMaps(const lmdb::Transaction& transaction, const Tables& tables) : transaction_(transaction), tables_(tables) {}

    std::optional<Bytes> get(Map map, Bytes key) const override;
    void get_each(Map map, std::span<const Bytes> keys, const SeeEach& see) const override;
    void scan(Map map, Bytes first, Bytes end, const See& see) const override;
    void scan_some(Map map, Bytes first, std::size_t most, const See& see) const override;
    std::optional<std::vector<std::byte>> first_key(Map map, Bytes from) const override;
    void put(Map map, Bytes key, Bytes value) override;
    void erase(Map map, Bytes key) override;
    void erase_range(Map map, Bytes first, Bytes end) override;
    void clear(Map map) override;

    const lmdb::Transaction& transaction() const { return transaction_; }

  private:
    const lmdb::Transaction& transaction_;
    const Tables& tables_;
};

/// The maps of the fingerprint index in an LMDB environment. LMDB's own lock makes writers take turns, one transaction
/// each.
class LmdbMapStore final : public MapStore {
  public:
    /// Both outlive it. `name`: of the index, for messages.
    LmdbMapStore(const IndexEnvironment& environment, const Tables& tables, const IndexName& name)
        : environment_(environment), tables_(tables), name_(name), location_(environment.folder().string()) {}

    const std::string& location() const override { return location_; }
    Result<void> read(const Deadline& deadline, const std::function<Result<void>(const MapView&)>& body) override;
    Result<std::unique_ptr<WritingTurn>> take_turn(const Deadline& deadline) override;

  private:
    class Turn;

    const IndexEnvironment& environment_;
    const Tables& tables_;
    IndexName name_;
    std::string location_;
};

}  // namespace audio_ident::index
