#include "index/lmdb/lmdb_maps.hpp"

#include <algorithm>

namespace audio_ident::index {

namespace {

bool is_before(Bytes key, Bytes end) {
    return end.empty() || std::lexicographical_compare(key.begin(), key.end(), end.begin(), end.end());
}

}  // namespace

Tables::Tables(const lmdb::Transaction& transaction, lmdb::IfMissing if_missing)
    : meta(transaction, "meta", if_missing),
      tracks(transaction, "tracks", if_missing),
      numbers(transaction, "numbers", if_missing),
      segments(transaction, "segments", if_missing),
      contents(transaction, "contents", if_missing),
      peaks(transaction, "peaks", if_missing),
      postings(transaction, "postings", if_missing) {}

bool Tables::exist(const lmdb::Transaction& transaction) {
    try {
        const lmdb::Database meta(transaction, "meta", lmdb::IfMissing::refuse);
        return true;
    } catch (const lmdb::LmdbError& error) {
        if (error.code() == MDB_NOTFOUND) return false;
        throw;
    }
}

const lmdb::Database& Tables::of(Map map) const {
    static constexpr lmdb::Database Tables::*kInOrder[] = {&Tables::meta,     &Tables::tracks,   &Tables::numbers,
                                                           &Tables::segments, &Tables::contents, &Tables::peaks,
                                                           &Tables::postings};
    return this->*kInOrder[static_cast<std::size_t>(map)];
}

std::optional<Bytes> LmdbMaps::get(Map map, Bytes key) const {
    return tables_.of(map).get(transaction_, key);
}

void LmdbMaps::get_each(Map map, std::span<const Bytes> keys, const SeeEach& see) const {
    for (std::size_t i = 0; i < keys.size(); ++i) {
        if (const auto value = get(map, keys[i])) see(i, *value);
    }
}

void LmdbMaps::scan(Map map, Bytes first, Bytes end, const See& see) const {
    lmdb::Cursor cursor(transaction_, tables_.of(map));
    auto entry = first.empty() ? cursor.first() : cursor.lower_bound(first);
    for (; entry && is_before(entry->first, end); entry = cursor.next()) see(entry->first, entry->second);
}

void LmdbMaps::scan_some(Map map, Bytes first, std::size_t most, const See& see) const {
    lmdb::Cursor cursor(transaction_, tables_.of(map));
    auto entry = first.empty() ? cursor.first() : cursor.lower_bound(first);
    for (std::size_t i = 0; entry && i < most; entry = cursor.next(), ++i) see(entry->first, entry->second);
}

std::optional<std::vector<std::byte>> LmdbMaps::first_key(Map map, Bytes from) const {
    lmdb::Cursor cursor(transaction_, tables_.of(map));
    const auto entry = from.empty() ? cursor.first() : cursor.lower_bound(from);
    if (!entry) return std::nullopt;
    return std::vector<std::byte>(entry->first.begin(), entry->first.end());
}

void LmdbMaps::put(Map map, Bytes key, Bytes value) {
    tables_.of(map).put(transaction_, key, value);
}

void LmdbMaps::erase(Map map, Bytes key) {
    tables_.of(map).erase(transaction_, key);
}

void LmdbMaps::erase_range(Map map, Bytes first, Bytes end) {
    lmdb::Cursor cursor(transaction_, tables_.of(map));
    for (auto entry = cursor.lower_bound(first); entry && is_before(entry->first, end);
         entry = cursor.lower_bound(first)) {
        cursor.erase();
    }
}

void LmdbMaps::clear(Map map) {
    tables_.of(map).clear(transaction_);
}

class LmdbMapStore::Turn final : public WritingTurn {
  public:
    explicit Turn(const LmdbMapStore& store) : store_(store) {}

    Result<void> write(const Deadline& deadline, const std::function<Result<Outcome>(MapTransaction&)>& body) override {
        return store_.environment_.write(store_.name_, deadline, [&](const lmdb::Transaction& transaction) {
            LmdbMaps maps(transaction, store_.tables_);
            return body(maps);
        });
    }

  private:
    const LmdbMapStore& store_;
};

Result<void> LmdbMapStore::read(const Deadline& deadline, const std::function<Result<void>(const MapView&)>& body) {
    return environment_.read(
        name_, deadline, [&](const lmdb::Transaction& transaction) { return body(LmdbMaps(transaction, tables_)); });
}

Result<std::unique_ptr<WritingTurn>> LmdbMapStore::take_turn(const Deadline&) {
    return std::make_unique<Turn>(*this);
}

}  // namespace audio_ident::index
