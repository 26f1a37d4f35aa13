#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <vector>

#include "fingerprint/fingerprint.hpp"
#include "index/fingerprint/posting_shard.hpp"

namespace audio_ident::plain {

/// A second reader of shards and blocks of peaks, written from docs/formats/fingerprint-index.md alone: one bit at a
/// time, all of it, no directory. It aborts where the bytes are not what that page says.

inline void expect(bool holds) {
    if (!holds) std::abort();
}

class Reader {
  public:
    explicit Reader(std::span<const std::byte> bytes) : bytes_(bytes) {}

    std::uint64_t bits(unsigned count) {
        std::uint64_t value = 0;
        for (unsigned i = 0; i < count; ++i) value |= std::uint64_t{bit(at_++)} << i;
        return value;
    }
    std::uint64_t number(unsigned bytes) { return bits(8 * bytes); }
    std::size_t byte() const { return at_ / 8; }
    bool at_end() const { return at_ == 8 * bytes_.size(); }

    /// list(count, universe)
    std::vector<std::uint64_t> list(std::uint64_t count, std::uint64_t universe) {
        if (count == 0) return {};
        unsigned low = 0;
        while (count <= universe >> (low + 1)) ++low;
        std::vector<std::uint64_t> values;
        const std::uint64_t high_bits = count + (universe >> low) + 1;
        for (std::uint64_t i = 0; i < high_bits; ++i) {
            if (bits(1) != 0) values.push_back((i - values.size()) << low);
        }
        expect(values.size() == count);
        for (std::uint64_t& value : values) value |= bits(low);
        while (at_ % 8 != 0) expect(bits(1) == 0);
        return values;
    }

  private:
    bool bit(std::size_t at) const {
        expect(at / 8 < bytes_.size());
        return (static_cast<unsigned>(bytes_[at / 8]) >> (at % 8) & 1U) != 0;
    }

    std::span<const std::byte> bytes_;
    std::size_t at_ = 0;
};

inline std::vector<index::Posting> read_shard(std::span<const std::byte> bytes, fingerprint::Key key_begin,
                                              fingerprint::Key key_end, std::uint32_t frames) {
    Reader reader(bytes);
    const auto keys_per_group = static_cast<std::uint32_t>(reader.number(4));
    const auto count_width = static_cast<unsigned>(reader.number(2));
    const auto offset_width = static_cast<unsigned>(reader.number(2));
    expect(keys_per_group > 0);
    const std::uint32_t groups = (key_end - key_begin + keys_per_group - 1) / keys_per_group;
    std::vector<std::uint64_t> offsets;
    for (std::uint32_t g = 0; g < groups; g += 4) offsets.push_back(reader.number(offset_width));
    std::vector<std::uint64_t> counts;
    for (std::uint32_t g = 0; g < groups; ++g) counts.push_back(reader.number(count_width));
    const std::size_t lists = reader.byte();
    std::vector<index::Posting> postings;
    for (std::uint32_t g = 0; g < groups; ++g) {
        if (g % 4 == 0) expect(offsets[g / 4] == reader.byte() - lists);
        for (const std::uint64_t value : reader.list(counts[g], std::uint64_t{keys_per_group} * frames)) {
            postings.push_back({static_cast<fingerprint::Key>(key_begin + g * keys_per_group + value / frames),
                                static_cast<std::uint32_t>(value % frames)});
        }
    }
    expect(reader.number(8) == 0 && reader.at_end());
    return postings;
}

inline std::vector<fingerprint::Peak> read_peaks(std::span<const std::byte> bytes, std::uint32_t block_first) {
    Reader reader(bytes);
    const std::uint64_t count = reader.number(2);
    std::vector<fingerprint::Peak> peaks;
    for (const std::uint64_t value : reader.list(count, 256 * std::uint64_t{fingerprint::kBins})) {
        peaks.push_back({block_first + static_cast<std::uint32_t>(value / fingerprint::kBins),
                         static_cast<std::uint16_t>(value % fingerprint::kBins), 0});
    }
    expect(reader.at_end());
    return peaks;
}

}  // namespace audio_ident::plain
