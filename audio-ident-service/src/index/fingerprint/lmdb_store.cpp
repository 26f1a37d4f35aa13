#include "index/fingerprint/lmdb_store.hpp"

#include "index/lmdb/corrupt.hpp"

namespace audio_ident::index {

namespace {

constexpr std::uint64_t kPeakUniverse = std::uint64_t{kPeakBlockFrames} * fingerprint::kBins;

lmdb::Bytes meta_key() {
    static constexpr char kName[] = "state";
    return {reinterpret_cast<const std::byte*>(kName), sizeof kName - 1};
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

std::optional<MetaRecord> Tables::read_meta(const lmdb::Transaction& transaction) const {
    const auto bytes = meta.get(transaction, meta_key());
    if (!bytes) return std::nullopt;
    // The version comes first in every format, so that a program can tell a format it does not know.
    if (bytes->size() < sizeof(std::uint32_t)) throw Corrupt("the index's state record is cut off");
    MetaRecord record;
    std::memcpy(&record.format_version, bytes->data(), sizeof record.format_version);
    if (record.format_version < kOldestFormatVersion || record.format_version > kFormatVersion) return record;
    record = value_of<MetaRecord>(*bytes);
    if (record.params_version < fingerprint::Params::kVersion) record.first_current = record.next_track;
    return record;
}

void Tables::write_meta(const lmdb::Transaction& transaction, const MetaRecord& meta_record) const {
    meta.put(transaction, meta_key(), bytes_of(meta_record));
}

std::vector<ContentsEntry> Tables::read_contents(const lmdb::Transaction& transaction, SegmentNumber segment) const {
    const auto bytes = contents.get(transaction, NumberKey(segment).bytes());
    if (!bytes || bytes->size() % sizeof(ContentsEntry) != 0) throw Corrupt("a segment lost its table of contents");
    std::vector<ContentsEntry> entries(bytes->size() / sizeof(ContentsEntry));
    if (!entries.empty()) std::memcpy(entries.data(), bytes->data(), bytes->size());
    return entries;
}

std::vector<std::byte> encode_peak_block(std::span<const fingerprint::Peak> peaks, std::uint32_t block_first) {
    std::vector<std::uint64_t> values;
    values.reserve(peaks.size());
    for (const fingerprint::Peak& peak : peaks) {
        values.push_back(std::uint64_t{peak.frame - block_first} * fingerprint::kBins + peak.bin);
    }
    const auto count = static_cast<std::uint16_t>(values.size());
    std::vector<std::byte> bytes(sizeof count + elias_fano_bytes(count, kPeakUniverse));
    std::memcpy(bytes.data(), &count, sizeof count);
    elias_fano_encode(values, kPeakUniverse, bytes.data() + sizeof count);
    return bytes;
}

void decode_peak_block(lmdb::Bytes bytes, std::uint32_t block_first, std::vector<fingerprint::Peak>& peaks) {
    std::uint16_t count = 0;
    if (bytes.size() < sizeof count) throw Corrupt("a block of peaks is cut off");
    std::memcpy(&count, bytes.data(), sizeof count);
    if (bytes.size() != sizeof count + elias_fano_bytes(count, kPeakUniverse)) {
        throw Corrupt("a block of peaks has a wrong size");
    }
    // A copy, because the codec reads whole words beyond the end, which may be the end of the mapped file.
    std::array<std::byte, 2048> buffer;
    std::vector<std::byte> large;
    const std::size_t size = bytes.size() - sizeof count;
    std::byte* list = buffer.data();
    if (size + kEliasFanoPadding > buffer.size()) {
        large.resize(size + kEliasFanoPadding);
        list = large.data();
    }
    std::memcpy(list, bytes.data() + sizeof count, size);
    elias_fano_for_each(list, count, kPeakUniverse, 0, kPeakUniverse, [&](std::uint64_t value) {
        peaks.push_back({block_first + static_cast<std::uint32_t>(value / fingerprint::kBins),
                         static_cast<std::uint16_t>(value % fingerprint::kBins), 0});
    });
}

}  // namespace audio_ident::index
