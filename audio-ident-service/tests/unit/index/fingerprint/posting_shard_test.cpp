#include "index/fingerprint/posting_shard.hpp"

#include <gtest/gtest.h>
#include <memory>
#include <stdexcept>
#include <vector>

#include "support/random.hpp"

namespace audio_ident::index {
namespace {

using fingerprint::kKeys;
using test::Random;
using Postings = std::vector<Posting>;

/// Shard bytes on the heap in their exact size, as the sanitizer watches them.
class Buffer {
  public:
    explicit Buffer(std::span<const std::byte> bytes)
        : size_(bytes.size()), bytes_(std::make_unique<std::byte[]>(size_)) {
        std::copy(bytes.begin(), bytes.end(), bytes_.get());
    }
    std::span<const std::byte> get() const { return {bytes_.get(), size_}; }

  private:
    std::size_t size_;
    std::unique_ptr<std::byte[]> bytes_;
};

struct Shard {
    Key begin;
    Key end;
    Buffer bytes;
};

/// Encodes all postings, shard after shard.
std::vector<Shard> encode_all(const Postings& postings, Key begin, Key end, std::uint32_t frames, std::size_t most) {
    std::vector<Shard> shards;
    std::span<const Posting> rest = postings;
    while (begin < end) {
        EncodedShard shard = encode_posting_shard(begin, end, frames, rest, most);
        EXPECT_GT(shard.key_end, begin);
        EXPECT_LE(shard.key_end, end);
        rest = rest.subspan(shard.postings);
        shards.push_back({begin, shard.key_end, Buffer(shard.bytes)});
        begin = shard.key_end;
    }
    EXPECT_TRUE(rest.empty());
    return shards;
}

Postings inside(const Postings& postings, Key first, Key last) {
    Postings result;
    for (const Posting& p : postings) {
        if (p.key >= first && p.key <= last) result.push_back(p);
    }
    return result;
}

Postings read(const PostingShard& shard, Key first, Key last) {
    Postings result;
    shard.for_each(first, last + 1, [&](const Posting& posting) { result.push_back(posting); });
    return result;
}

std::vector<std::uint32_t> read_positions(const PostingShard& shard, Key first, Key last) {
    std::vector<std::uint32_t> result;
    shard.for_each_position(first, last, [&](std::uint32_t position) { result.push_back(position); });
    return result;
}

std::vector<std::uint32_t> positions_of(const Postings& postings) {
    std::vector<std::uint32_t> result;
    for (const Posting& p : postings) result.push_back(p.position);
    return result;
}

struct Case {
    const char* name;
    std::size_t count;
    Key begin;
    Key end;
    std::uint32_t frames;
    std::size_t most_bytes;
    Key crowded = 0;        ///< this key alone
    std::size_t crowd = 0;  ///< holds so many more
};

const Case kCases[] = {
    {"Empty", 0, 0, kKeys, 1000, 4080},
    {"NoFrames", 0, 0, kKeys, 0, 4080},
    {"One", 1, 0, kKeys, 1, 4080},
    {"ASong", 20000, 0, kKeys, 12000, 4080},
    {"Dense", 20000, 1000, 1400, 50000, 4080},
    {"LongTimeline", 5000, 0, kKeys, 0xfffffffeU, 4080},
    {"LargeShards", 20000, 5, kKeys - 7, 12000, 65536},
    {"TwoByteCounts", 3000, 0, 20000, 100000, 16384, 777, 1000},
    {"FourByteCounts", 300, 0, kKeys, 1000000, 4080, kKeys / 2, 70000},
    {"OneKey", 0, 41, 42, 5000, 4080, 41, 3000},
    {"CrowdThenSparse", 3000, 0, kKeys, 0xfffffffeU, 4080, 0, 1100},
    {"LastKey", 100, 0, kKeys, 5000, 4080, kKeys - 1, 3000},
};
void PrintTo(const Case& c, std::ostream* out) {
    *out << c.name;
}

Postings postings_of(const Case& c, Random& random) {
    Postings postings;
    for (std::size_t i = 0; i < c.count; ++i) {
        postings.push_back({c.begin + static_cast<Key>(random.next() % (c.end - c.begin)),
                            static_cast<std::uint32_t>(random.next() % c.frames)});
    }
    for (std::size_t i = 0; i < c.crowd; ++i) {
        postings.push_back({c.crowded, static_cast<std::uint32_t>(random.next() % c.frames)});
    }
    std::sort(postings.begin(), postings.end());
    return postings;
}

class PostingShards : public testing::TestWithParam<Case> {};
INSTANTIATE_TEST_SUITE_P(All, PostingShards, testing::ValuesIn(kCases),
                         [](const auto& one) { return std::string(one.param.name); });

TEST_P(PostingShards, FindWhatABruteForceSearchFinds) {
    const Case& c = GetParam();
    Random random(7);
    const Postings all = postings_of(c, random);
    Postings walked;
    for (const Shard& shard : encode_all(all, c.begin, c.end, c.frames, c.most_bytes)) {
        const PostingShard view(shard.bytes.get(), shard.begin, shard.end, c.frames);
        EXPECT_EQ(view.key_begin(), shard.begin);
        EXPECT_EQ(view.key_end(), shard.end);
        const Postings whole = read(view, shard.begin, shard.end - 1);
        walked.insert(walked.end(), whole.begin(), whole.end());
        for (int i = 0; i < 8; ++i) {
            Key first = shard.begin + static_cast<Key>(random.next() % (shard.end - shard.begin));
            if (i % 2 == 0 && !whole.empty()) first = whole[random.next() % whole.size()].key;
            const Key reach = i < 4 ? 3 : shard.end - first;
            const Key last = first + static_cast<Key>(random.next() % std::min(reach, shard.end - first));
            const Postings expected = inside(whole, first, last);
            EXPECT_EQ(read(view, first, last), expected);
            EXPECT_EQ(read_positions(view, first, last), positions_of(expected));
            EXPECT_GE(view.count_bound(first, last), expected.size());
        }
        EXPECT_EQ(view.count_bound(shard.begin, shard.end - 1), whole.size());
    }
    EXPECT_EQ(walked, all);
}

TEST_P(PostingShards, KeepToTheirSizeUnlessOneKeyNeedsMore) {
    const Case& c = GetParam();
    Random random(8);
    for (const Shard& shard : encode_all(postings_of(c, random), c.begin, c.end, c.frames, c.most_bytes)) {
        if (shard.bytes.get().size() > c.most_bytes) {
            EXPECT_EQ(shard.end, shard.begin + 1);
        }
    }
}

// Reads all there is to read. A merge copies what it reads, so that even damaged bytes may give no key or position
// that is out of bounds.
void read_damaged(std::span<const std::byte> bytes, Key begin, Key end, std::uint32_t frames) {
    const Buffer exact(bytes);
    try {
        const PostingShard shard(exact.get(), begin, end, frames);
        for (const Posting& posting : read(shard, begin, end - 1)) {
            ASSERT_TRUE(posting.key >= begin && posting.key < end) << posting.key;
            ASSERT_LT(posting.position, frames);
        }
        const Key third = (end - begin) / 3;
        for (const std::uint32_t position : read_positions(shard, begin + third, end - 1 - third)) {
            ASSERT_LT(position, frames);
        }
    } catch (const std::runtime_error& error) {
        EXPECT_EQ(std::string(error.what()).rfind("posting shard: ", 0), 0U);
    }
}

TEST(PostingShardDamage, EveryTruncationIsNoticed) {
    Random random(9);
    const Case c{"", 800, 0, 40000, 3000, 4080, 100, 300};
    const auto shards = encode_all(postings_of(c, random), c.begin, c.end, c.frames, c.most_bytes);
    const auto whole = shards.front().bytes.get();
    for (std::size_t size = 0; size < whole.size(); ++size) {
        const Buffer cut(whole.first(size));
        EXPECT_THROW(PostingShard(cut.get(), shards.front().begin, shards.front().end, c.frames), std::runtime_error);
    }
}

TEST(PostingShardDamage, FlippedBitsAreNoticedOrGiveSomeAnswer) {
    Random random(10);
    for (const Case& c : {Case{"", 800, 0, 40000, 3000, 4080, 100, 300}, Case{"", 3, 5, kKeys, 100, 4080},
                          Case{"", 1500, 0, kKeys, 0xfffffffeU, 4080}}) {
        for (const Shard& shard : encode_all(postings_of(c, random), c.begin, c.end, c.frames, c.most_bytes)) {
            for (int i = 0; i < 400; ++i) {
                std::vector<std::byte> bytes(shard.bytes.get().begin(), shard.bytes.get().end());
                // The header and the directory more often than chance would have it.
                const std::size_t within = i % 2 == 0 ? std::min<std::size_t>(bytes.size(), 32) : bytes.size();
                for (int flips = 1 + random.below(3); flips > 0; --flips) {
                    bytes[random.next() % within] ^= std::byte(1U << random.below(8));
                }
                read_damaged(bytes, shard.begin, shard.end, c.frames);
            }
        }
    }
}

TEST(PostingShardDamage, AGroupWiderThanTheShardIsNoticed) {
    EncodedShard shard = encode_posting_shard(5, 10, 100, {}, 4080);
    std::fill_n(shard.bytes.begin(), 4, std::byte{0xff});
    EXPECT_THROW(PostingShard(shard.bytes, 5, 10, 100), std::runtime_error);
}

}  // namespace
}  // namespace audio_ident::index
