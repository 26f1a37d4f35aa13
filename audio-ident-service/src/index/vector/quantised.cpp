#include "index/vector/quantised.hpp"

#include <algorithm>
#include <cmath>

#include "util/multiversion.hpp"

namespace audio_ident::index {

namespace {

constexpr float kRowPeak = 127;
constexpr float kQueryPeak = 4095;

template <typename T>
float quantise_to(std::span<const float> values, float peak, T* row) {
    float largest = 0;
    for (const float value : values) largest = std::max(largest, std::abs(value));
    if (largest == 0) {
        std::fill_n(row, values.size(), T{0});
        return 0;
    }
    double squares = 0;
    for (std::size_t i = 0; i < values.size(); ++i) {
        row[i] = static_cast<T>(std::lround(values[i] / largest * peak));
        squares += double(row[i]) * row[i];
    }
    return static_cast<float>(1 / std::sqrt(squares));
}

AUDIO_IDENT_MULTIVERSION
void dot(const std::int8_t* row, const std::int16_t* query, std::size_t dimension, std::size_t queries,
         std::int32_t* product, std::size_t step) {
    for (std::size_t q = 0; q < queries; ++q, query += dimension, product += step) {
        std::int32_t sum = 0;
        for (std::size_t i = 0; i < dimension; ++i) sum += std::int16_t{row[i]} * query[i];
        *product = sum;
    }
}

}  // namespace

AUDIO_IDENT_MULTIVERSION
std::int32_t dot_product(const std::int8_t* row, const std::int16_t* query, std::size_t dimension) {
    std::int32_t sum = 0;
    for (std::size_t i = 0; i < dimension; ++i) sum += std::int16_t{row[i]} * query[i];
    return sum;
}

float quantise(std::span<const float> values, std::int8_t* row) {
    return quantise_to(values, kRowPeak, row);
}

void dequantise(const std::int8_t* row, float scale, std::span<float> values) {
    for (std::size_t i = 0; i < values.size(); ++i) values[i] = scale * row[i];
}

QuantisedQueries::QuantisedQueries(std::span<const float> values, std::size_t dimension_of_each)
    : dimension(dimension_of_each), rows(values.size()), scales(values.size() / dimension_of_each) {
    for (std::size_t q = 0; q < scales.size(); ++q)
        scales[q] = quantise_to(values.subspan(q * dimension, dimension), kQueryPeak, rows.data() + q * dimension);
}

void dot_products(const std::int8_t* rows, std::size_t count, const QuantisedQueries& queries, std::int32_t* products) {
    for (std::size_t i = 0; i < count; ++i)
        dot(rows + i * queries.dimension, queries.rows.data(), queries.dimension, queries.count(), products + i, count);
}

}  // namespace audio_ident::index
