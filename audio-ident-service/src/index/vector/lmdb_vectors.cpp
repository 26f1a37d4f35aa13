#include "index/vector/lmdb_vectors.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <fmt/format.h>

#include "index/store/corrupt.hpp"
#include "index/vector/quantised.hpp"

namespace audio_ident::index {

namespace {

lmdb::Bytes name_key(const std::string& name) {
    return {reinterpret_cast<const std::byte*>(name.data()), name.size()};
}

/// The key of a track in a space. Big-endian, so that the tracks of a space lie together.
struct VectorKey {
    std::array<std::byte, 20> data{};

    explicit VectorKey(std::uint32_t space, const TrackId& id = {}) {
        for (std::size_t i = 0; i < 4; ++i) data[i] = std::byte(space >> (24 - 8 * i) & 255U);
        std::memcpy(data.data() + 4, id.bytes().data(), 16);
    }
    lmdb::Bytes bytes() const { return data; }
    static bool is_of(lmdb::Bytes key, std::uint32_t space) {
        if (key.size() != 20) throw Corrupt("a key of the vectors has a wrong size");
        return std::memcmp(key.data(), VectorKey(space).data.data(), 4) == 0;
    }
    static TrackId id(lmdb::Bytes key) {
        TrackId::Bytes id;
        std::memcpy(id.data(), key.data() + 4, id.size());
        return TrackId(id);
    }
};

constexpr std::size_t entry_bytes(std::size_t count, std::size_t dimension) {
    return sizeof(std::uint32_t) + count * (2 * sizeof(float) + dimension);
}

}  // namespace

SpaceRecord read_space_record(lmdb::Bytes bytes) {
    SpaceRecord record;
    // Version and number come first in every format, so that a program can tell, and remove, a format it does not know.
    if (bytes.size() < 8) throw Corrupt("the record of a space is cut off");
    std::memcpy(&record.format_version, bytes.data(), sizeof record.format_version);
    std::memcpy(&record.number, bytes.data() + 4, sizeof record.number);
    if (record.format_version != kVectorFormatVersion) return record;
    if (bytes.size() != sizeof record) throw Corrupt("the record of a space has a wrong size");
    std::memcpy(&record, bytes.data(), sizeof record);
    if (record.dimension == 0 || record.dimension > kMaxDimension)
        throw Corrupt("the record of a space makes no sense");
    return record;
}

VectorEntry read_vector_entry(const TrackId& id, lmdb::Bytes bytes, std::size_t dimension) {
    VectorEntry entry;
    entry.id = id;
    if (bytes.size() < sizeof entry.count) throw Corrupt("a track's vectors are cut off");
    std::memcpy(&entry.count, bytes.data(), sizeof entry.count);
    if (bytes.size() != entry_bytes(entry.count, dimension)) throw Corrupt("a track's vectors have a wrong size");
    entry.starts = bytes.data() + sizeof entry.count;
    entry.scales = entry.starts + entry.count * sizeof(float);
    entry.rows = reinterpret_cast<const std::int8_t*>(entry.scales + entry.count * sizeof(float));
    return entry;
}

VectorTables::VectorTables(const lmdb::Transaction& transaction, lmdb::IfMissing if_missing)
    : spaces(transaction, "vector-spaces", if_missing), vectors(transaction, "vectors", if_missing) {}

std::optional<VectorTables> VectorTables::open(const lmdb::Transaction& transaction, lmdb::Access access) {
    if (access == lmdb::Access::read_write) return VectorTables(transaction, lmdb::IfMissing::create);
    try {
        return VectorTables(transaction, lmdb::IfMissing::refuse);
    } catch (const lmdb::LmdbError& error) {
        if (error.code() == MDB_NOTFOUND) return std::nullopt;
        throw;
    }
}

std::optional<SpaceRecord> VectorTables::find_space(const lmdb::Transaction& transaction,
                                                    const std::string& name) const {
    const auto bytes = spaces.get(transaction, name_key(name));
    if (!bytes) return std::nullopt;
    return read_space_record(*bytes);
}

std::vector<VectorSpace> VectorTables::list_spaces(const lmdb::Transaction& transaction) const {
    std::vector<VectorSpace> found;
    lmdb::Cursor cursor(transaction, spaces);
    for (auto entry = cursor.first(); entry; entry = cursor.next()) {
        found.push_back({std::string(reinterpret_cast<const char*>(entry->first.data()), entry->first.size()),
                         read_space_record(entry->second).dimension});
    }
    return found;
}

void VectorTables::drop_space(const lmdb::Transaction& transaction, const std::string& name) const {
    const auto record = find_space(transaction, name);
    if (!record) return;
    spaces.erase(transaction, name_key(name));
    lmdb::Cursor cursor(transaction, vectors);
    const VectorKey first(record->number);
    for (auto entry = cursor.lower_bound(first.bytes()); entry && VectorKey::is_of(entry->first, record->number);
         entry = cursor.lower_bound(first.bytes())) {
        cursor.erase();
    }
}

void VectorTables::put(const lmdb::Transaction& transaction, const VectorSpace& space,
                       std::span<const TrackVectors> tracks) const {
    auto record = find_space(transaction, space.name);
    if (!record) {
        record.emplace();
        record->dimension = space.dimension;
        lmdb::Cursor cursor(transaction, spaces);
        for (auto entry = cursor.first(); entry; entry = cursor.next())
            record->number = std::max(record->number, read_space_record(entry->second).number + 1);
        spaces.put(transaction, name_key(space.name), {reinterpret_cast<const std::byte*>(&*record), sizeof *record});
    }
    for (const TrackVectors& track : tracks) {
        const std::size_t dimension = space.dimension;
        const auto count = static_cast<std::uint32_t>(track.start_seconds.size());
        if (count == 0) {
            erase(transaction, record->number, track.id);
            continue;
        }
        const auto bytes =
            vectors.reserve(transaction, VectorKey(record->number, track.id).bytes(), entry_bytes(count, dimension));
        std::byte* out = bytes.data();
        std::memcpy(out, &count, sizeof count);
        std::memcpy(out + sizeof count, track.start_seconds.data(), count * sizeof(float));
        std::byte* scales = out + sizeof count + count * sizeof(float);
        auto* rows = reinterpret_cast<std::int8_t*>(scales + count * sizeof(float));
        for (std::size_t i = 0; i < count; ++i) {
            const float scale =
                quantise(std::span(track.values).subspan(i * dimension, dimension), rows + i * dimension);
            std::memcpy(scales + i * sizeof scale, &scale, sizeof scale);
        }
    }
}

bool VectorTables::erase(const lmdb::Transaction& transaction, std::uint32_t space_number, const TrackId& id) const {
    return vectors.erase(transaction, VectorKey(space_number, id).bytes());
}

bool VectorTables::erase_everywhere(const lmdb::Transaction& transaction, const TrackId& id) const {
    bool erased = false;
    lmdb::Cursor cursor(transaction, spaces);
    for (auto entry = cursor.first(); entry; entry = cursor.next())
        erased = erase(transaction, read_space_record(entry->second).number, id) || erased;
    return erased;
}

std::optional<VectorEntry> VectorTables::find(const lmdb::Transaction& transaction, const SpaceRecord& space,
                                              const TrackId& id) const {
    const auto bytes = vectors.get(transaction, VectorKey(space.number, id).bytes());
    if (!bytes) return std::nullopt;
    return read_vector_entry(id, *bytes, space.dimension);
}

std::vector<VectorEntry> VectorTables::entries(const lmdb::Transaction& transaction, const SpaceRecord& space) const {
    std::vector<VectorEntry> found;
    lmdb::Cursor cursor(transaction, vectors);
    for (auto entry = cursor.lower_bound(VectorKey(space.number).bytes());
         entry && VectorKey::is_of(entry->first, space.number); entry = cursor.next()) {
        found.push_back(read_vector_entry(VectorKey::id(entry->first), entry->second, space.dimension));
    }
    return found;
}

}  // namespace audio_ident::index
