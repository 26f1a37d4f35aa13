#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

namespace audio_ident::index {

/// Elias-Fano code of a sorted list of n values below `universe`. It stores the floor(log2(universe/n)) low bits of
/// each value as they are, and the rest in unary. It takes at most 2 bits a value more than ceil(log2(universe/n)),
/// which is within 0.6 bit of the entropy of uniform values. Each value can be read without the values before it (Elias
/// 1974; Vigna, "Quasi-succinct indices", WSDM 2013).
/// Layout, bits from the least significant of each byte: n + (universe >> low) + 1 high bits, then n · low low bits.
/// Readers load 8 bytes at a time, so kEliasFanoPadding readable bytes must follow the last list.
inline constexpr std::size_t kEliasFanoPadding = 8;

constexpr unsigned elias_fano_low_bits(std::uint64_t count, std::uint64_t universe) {
    if (count == 0 || universe <= count) return 0;
    const auto bits = static_cast<unsigned>(std::bit_width(universe) - std::bit_width(count));
    return (count << bits) > universe ? bits - 1 : bits;
}

constexpr std::size_t elias_fano_bytes(std::uint64_t count, std::uint64_t universe) {
    if (count == 0) return 0;
    const unsigned low = elias_fano_low_bits(count, universe);
    return (count + (universe >> low) + 1 + count * low + 7) / 8;
}

/// Writes the code into elias_fano_bytes() zeroed bytes at `out`. `values` are sorted, each below `universe` < 2⁵⁶.
inline void elias_fano_encode(std::span<const std::uint64_t> values, std::uint64_t universe, std::byte* out) {
    const std::uint64_t count = values.size();
    if (count == 0) return;
    const unsigned low = elias_fano_low_bits(count, universe);
    const std::uint64_t high_bits = count + (universe >> low) + 1;
    for (std::uint64_t i = 0; i < count; ++i) {
        const std::uint64_t bit = (values[i] >> low) + i;
        out[bit / 8] |= std::byte(1U << (bit % 8));
        std::uint64_t rest = values[i] & ((std::uint64_t{1} << low) - 1);
        std::uint64_t at = high_bits + i * low;
        for (unsigned left = low; left > 0;) {
            const auto shift = static_cast<unsigned>(at % 8);
            const unsigned take = std::min(left, 8 - shift);
            out[at / 8] |= std::byte((rest & ((1U << take) - 1)) << shift);
            rest >>= take;
            at += take;
            left -= take;
        }
    }
}

inline std::uint64_t load_bits(const std::byte* bytes, std::uint64_t bit) {
    std::uint64_t word = 0;
    std::memcpy(&word, bytes + bit / 8, sizeof word);
    return word >> (bit % 8);
}

/// Calls `visit(value)` for each value in [from, to), in order. Reads nothing outside the list and its padding,
/// whatever the bytes are. Damaged bytes give wrong values, which are below universe·2.
template <typename Visit>
void elias_fano_for_each(const std::byte* bytes, std::uint64_t count, std::uint64_t universe, std::uint64_t from,
                         std::uint64_t to, Visit&& visit) {
    if (count == 0 || from >= to) return;
    const unsigned low = elias_fano_low_bits(count, universe);
    const std::uint64_t low_mask = (std::uint64_t{1} << low) - 1;
    const std::uint64_t high_bits = count + (universe >> low) + 1;
    const std::uint64_t first_high = from >> low;
    const auto word_at = [&](std::uint64_t base) {
        const std::uint64_t word = load_bits(bytes, base);
        return high_bits - base < 64 ? word & ((std::uint64_t{1} << (high_bits - base)) - 1) : word;
    };
    const auto value_at = [&](std::uint64_t base, std::uint64_t word, std::uint64_t index) {
        const std::uint64_t high = base + static_cast<std::uint64_t>(std::countr_zero(word)) - index;
        return high << low | (load_bits(bytes, high_bits + index * low) & low_mask);
    };
    std::uint64_t index = 0;
    std::uint64_t base = 0;
    std::uint64_t word = 0;
    // Words in which the high part of every value lies below.
    for (;; base += 64) {
        if (base >= high_bits) return;
        word = word_at(base);
        const auto ones = static_cast<std::uint64_t>(std::popcount(word));
        if (base + 64 >= first_high + index + ones) break;
        index += ones;
    }
    for (;;) {
        for (; word != 0; word &= word - 1, ++index) {
            if (index >= count) return;  // a damaged list may have more
            const std::uint64_t value = value_at(base, word, index);
            if (value >= to) return;
            if (value >= from) visit(value);
        }
        base += 64;
        if (base >= high_bits) return;
        word = word_at(base);
    }
}

}  // namespace audio_ident::index
