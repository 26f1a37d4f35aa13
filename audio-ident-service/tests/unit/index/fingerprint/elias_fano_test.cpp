#include "index/fingerprint/elias_fano.hpp"

#include <gtest/gtest.h>
#include <memory>
#include <vector>

#include "support/random.hpp"

namespace audio_ident::index {
namespace {

using test::Random;
using Values = std::vector<std::uint64_t>;

constexpr std::uint64_t kUniverses[] = {1,
                                        2,
                                        63,
                                        64,
                                        65,
                                        1000,
                                        4096,
                                        100000,
                                        1 << 20,
                                        std::uint64_t{1} << 33,
                                        (std::uint64_t{1} << 55) - 1,
                                        (std::uint64_t{1} << 56) - 1};
constexpr std::size_t kCounts[] = {0, 1, 2, 16, 63, 64, 65, 1000};

Values random_values(Random& random, std::size_t count, std::uint64_t universe) {
    Values values(count);
    for (auto& value : values) value = random.next() % universe;
    std::sort(values.begin(), values.end());
    return values;
}

/// The encoded bytes in a buffer of their exact size, as the sanitizer watches it.
class List {
  public:
    List(const Values& values, std::uint64_t universe)
        : count_(values.size()), universe_(universe), size_(elias_fano_bytes(count_, universe)) {
        const auto exact = std::make_unique<std::byte[]>(size_);
        elias_fano_encode(values, universe, exact.get());
        bytes_ = std::make_unique<std::byte[]>(size_ + kEliasFanoPadding);
        std::copy_n(exact.get(), size_, bytes_.get());
    }

    Values read(std::uint64_t from, std::uint64_t to) const {
        Values values;
        elias_fano_for_each(bytes_.get(), count_, universe_, from, to, [&](std::uint64_t v) { values.push_back(v); });
        return values;
    }
    std::size_t size() const { return size_; }
    std::byte& operator[](std::size_t i) { return bytes_[i]; }

  private:
    std::size_t count_;
    std::uint64_t universe_;
    std::size_t size_;
    std::unique_ptr<std::byte[]> bytes_;
};

Values inside(const Values& values, std::uint64_t from, std::uint64_t to) {
    Values result;
    for (const std::uint64_t v : values) {
        if (v >= from && v < to) result.push_back(v);
    }
    return result;
}

TEST(EliasFano, GivesBackWhatWasEncodedAtAnyDensity) {
    Random random(1);
    for (const std::uint64_t universe : kUniverses) {
        for (const std::size_t count : kCounts) {
            const Values values = random_values(random, count, universe);
            EXPECT_EQ(List(values, universe).read(0, universe), values) << count << " of " << universe;
        }
    }
}

TEST(EliasFano, KeepsTheFirstAndTheLastValueOfTheUniverse) {
    for (const std::uint64_t universe : kUniverses) {
        const Values values = {0, 0, universe - 1, universe - 1};
        EXPECT_EQ(List(values, universe).read(0, universe), values) << universe;
    }
}

TEST(EliasFano, ReadsAnyRange) {
    Random random(2);
    for (const std::uint64_t universe : kUniverses) {
        for (const std::size_t count : kCounts) {
            const Values values = random_values(random, count, universe);
            const List list(values, universe);
            for (int i = 0; i < 20; ++i) {
                std::uint64_t from = random.next() % universe;
                std::uint64_t to = random.next() % (universe + 1);
                // Half the time the borders lie on values.
                if (count > 0 && random.below(2) == 0) from = values[random.next() % count];
                if (count > 0 && random.below(2) == 0) to = values[random.next() % count] + random.next() % 2;
                EXPECT_EQ(list.read(from, to), inside(values, from, to)) << from << " to " << to << " of " << universe;
            }
        }
    }
}

TEST(EliasFano, TakesTwoBitsAValueMoreThanTheLogarithmOfTheGap) {
    for (const std::uint64_t universe : kUniverses) {
        for (const std::size_t count : kCounts) {
            unsigned log = 0;
            while ((std::uint64_t{count} << log) < universe && log < 56 && count > 0) ++log;
            const std::uint64_t bits = count * (2 + log) + 1;
            if (count > 0 && universe >= count) {
                EXPECT_LE(elias_fano_bytes(count, universe), (bits + 7) / 8) << count << " of " << universe;
            }
        }
    }
    EXPECT_EQ(elias_fano_bytes(0, 1000), 0U);
}

TEST(EliasFano, ReadsNothingOutsideADamagedList) {
    Random random(3);
    for (const std::uint64_t universe : kUniverses) {
        for (const std::size_t count : kCounts) {
            List list(random_values(random, count, universe), universe);
            for (std::size_t i = 0; i < list.size(); ++i) list[i] = std::byte(random.next() & 255U);
            const std::uint64_t from = random.next() % universe;
            const Values values = list.read(from, universe);
            EXPECT_LE(values.size(), count);
            for (const std::uint64_t v : values) EXPECT_TRUE(v >= from && v < universe) << v;
        }
    }
}

}  // namespace
}  // namespace audio_ident::index
