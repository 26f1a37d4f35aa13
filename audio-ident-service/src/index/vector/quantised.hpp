#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace audio_ident::index {

/// Unit vectors with 8 bits for each number: v ≈ scale · row. The scale makes the result a unit vector again. The
/// cosine of two vectors of 512 numbers changes by 0.0003 (standard deviation).
///
/// A query has 13 bits for each number, the most that a 32-bit sum of products allows for vectors of 4,096 numbers.
inline constexpr unsigned kMaxDimension = 4096;

/// Writes values.size() numbers to `row`; returns the scale, 0 for a vector of zeros.
float quantise(std::span<const float> values, std::int8_t* row);
void dequantise(const std::int8_t* row, float scale, std::span<float> values);

/// Several queries, row after row.
struct QuantisedQueries {
    std::size_t dimension = 0;
    std::vector<std::int16_t> rows;
    std::vector<float> scales;

    QuantisedQueries(std::span<const float> values, std::size_t dimension_of_each);
    std::size_t count() const { return scales.size(); }
};

/// The product of one row and one query, before scales. The row may be a query too.
std::int32_t dot_product(const std::int8_t* row, const std::int16_t* query, std::size_t dimension);

/// products[q * count + i] = row i · query q, before scales.
void dot_products(const std::int8_t* rows, std::size_t count, const QuantisedQueries& queries, std::int32_t* products);

}  // namespace audio_ident::index
