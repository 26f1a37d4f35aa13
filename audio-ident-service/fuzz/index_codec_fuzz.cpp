// What the codec of the index encodes, it reads back, whole and in parts, and so does a plain reader written from the
// format's page (plain_index_codec.hpp).

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <span>
#include <vector>

#include "index/fingerprint/posting_shard.hpp"
#include "index/fingerprint/records.hpp"
#include "plain_index_codec.hpp"

using namespace audio_ident;
using fingerprint::Key;
using index::Posting;
using plain::expect;

namespace {

/// Numbers from the fuzzer's bytes; zeros when there are no more.
class Input {
  public:
    Input(const std::uint8_t* data, std::size_t size) : data_(data), left_(size) {}

    bool empty() const { return left_ == 0; }
    std::uint32_t below(std::uint32_t bound) {
        std::uint32_t value = 0;
        const std::size_t size = std::min(left_, sizeof value);
        std::memcpy(&value, data_, size);
        data_ += size;
        left_ -= size;
        return bound == 0 ? 0 : value % bound;
    }

  private:
    const std::uint8_t* data_;
    std::size_t left_;
};

struct Shape {
    Key begin = 0;
    Key end = 1;
    std::uint32_t frames = 1;
    std::size_t most_bytes = 0;
};

Shape shape_of(Input& input) {
    Shape shape;
    shape.begin = input.below(fingerprint::kKeys);
    shape.end = shape.begin + 1 + input.below(std::min<Key>(fingerprint::kKeys - shape.begin, 50'000));
    // From one frame to the longest timeline: so many bits of a number.
    const std::uint32_t most = 0xffffffffU >> input.below(32);
    shape.frames = 1 + input.below(std::min(most, static_cast<std::uint32_t>(index::kLongestTimeline)));
    shape.most_bytes = std::size_t{32} << input.below(12);  // small ones too, so that few postings fill some
    return shape;
}

/// Runs of postings: each begins at a key and a position, and goes on in steps of both.
std::vector<Posting> postings_of(Input& input, const Shape& shape) {
    std::vector<Posting> postings;
    while (!input.empty() && postings.size() < 300) {
        const Key keys = shape.end - shape.begin;
        Key key = input.below(keys);
        std::uint64_t position = input.below(shape.frames);
        const Key key_step = input.below(keys) >> input.below(32);
        const std::uint32_t step = input.below(shape.frames) >> input.below(32);
        for (std::uint32_t i = input.below(100) + 1; i > 0; --i) {
            postings.push_back({shape.begin + key, static_cast<std::uint32_t>(position)});
            key = (key + key_step) % keys;
            position = (position + step) % shape.frames;
        }
    }
    std::ranges::sort(postings);
    return postings;
}

std::vector<Posting> inside(std::span<const Posting> postings, Key first, Key last) {
    std::vector<Posting> found;
    for (const Posting& posting : postings) {
        if (posting.key >= first && posting.key <= last) found.push_back(posting);
    }
    return found;
}

void check_part(const index::PostingShard& shard, std::span<const Posting> postings, Key first, Key last) {
    const std::vector<Posting> wanted = inside(postings, first, last);
    std::vector<Posting> found;
    shard.for_each(first, last + 1, [&](const Posting& posting) { found.push_back(posting); });
    expect(found == wanted);
    std::size_t at = 0;
    shard.for_each_position(first, last, [&](std::uint32_t position) {
        expect(at < wanted.size() && wanted[at].position == position);
        ++at;
    });
    expect(at == wanted.size());
    expect(shard.count_bound(first, last) >= wanted.size());
}

void check_postings(Input& input) {
    const Shape shape = shape_of(input);
    const Key first = shape.begin + input.below(shape.end - shape.begin);
    const Key last = first + input.below(shape.end - first);
    const std::vector<Posting> all = postings_of(input, shape);
    std::span<const Posting> rest = all;
    for (Key begin = shape.begin; begin < shape.end;) {
        const auto encoded = index::encode_posting_shard(begin, shape.end, shape.frames, rest, shape.most_bytes);
        expect(encoded.key_end > begin && encoded.key_end <= shape.end && encoded.postings <= rest.size());
        const auto postings = rest.first(encoded.postings);
        rest = rest.subspan(encoded.postings);
        expect(rest.empty() || rest.front().key >= encoded.key_end);
        expect(std::ranges::equal(plain::read_shard(encoded.bytes, begin, encoded.key_end, shape.frames), postings));
        const index::PostingShard shard(encoded.bytes, begin, encoded.key_end, shape.frames);
        check_part(shard, postings, begin, encoded.key_end - 1);
        if (first < encoded.key_end && last >= begin) {
            check_part(shard, postings, std::max(first, begin), std::min(last, encoded.key_end - 1));
        }
        begin = encoded.key_end;
    }
    expect(rest.empty());
}

void check_peaks(Input& input) {
    const std::uint32_t block_first = index::kPeakBlockFrames * input.below(0xff000000 / index::kPeakBlockFrames);
    std::vector<fingerprint::Peak> peaks;
    while (!input.empty() && peaks.size() < 352) {
        const std::uint32_t place = input.below(index::kPeakBlockFrames * fingerprint::kBins);
        peaks.push_back({static_cast<std::uint32_t>(block_first + place / fingerprint::kBins),
                         static_cast<std::uint16_t>(place % fingerprint::kBins), 0});
    }
    std::ranges::sort(peaks);
    const std::vector<std::byte> bytes = index::encode_peak_block(peaks, block_first);
    std::vector<fingerprint::Peak> found;
    index::decode_peak_block(bytes, block_first, found);
    expect(found == peaks);
    expect(plain::read_peaks(bytes, block_first) == peaks);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    Input input(data, size);
    if (input.below(2) == 0) {
        check_postings(input);
    } else {
        check_peaks(input);
    }
    return 0;
}
