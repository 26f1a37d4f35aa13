#include "audio/raw_format.hpp"

#include <bit>
#include <cstdint>

namespace audio_ident::audio {
namespace {

constexpr std::uint32_t kFloat = 1;  // flags of linear PCM
constexpr std::uint32_t kLittleEndian = 2;

int bytes_a_sample(SampleFormat format) {
    switch (format) {
        case SampleFormat::s16le: return 2;
        case SampleFormat::s24le: return 3;
        case SampleFormat::s32le:
        case SampleFormat::f32le: break;
    }
    return 4;
}

class BigEndian {
  public:
    BigEndian& text(std::string_view four) {
        for (const char c : four) bytes_.push_back(static_cast<std::byte>(c));
        return *this;
    }
    BigEndian& number(std::uint64_t value, int bytes) {
        for (int i = bytes - 1; i >= 0; --i) bytes_.push_back(static_cast<std::byte>(value >> (8 * i) & 0xFF));
        return *this;
    }
    std::vector<std::byte> take() { return std::move(bytes_); }

  private:
    std::vector<std::byte> bytes_;
};

}  // namespace

std::optional<SampleFormat> sample_format(std::string_view name) {
    if (name == "s16le") return SampleFormat::s16le;
    if (name == "s24le") return SampleFormat::s24le;
    if (name == "s32le") return SampleFormat::s32le;
    if (name == "f32le") return SampleFormat::f32le;
    return std::nullopt;
}

std::vector<std::byte> caf_header(const RawFormat& format) {
    constexpr std::uint64_t kUnknownSize = ~std::uint64_t{0};
    const auto channels = static_cast<std::uint64_t>(format.channels);
    const auto sample = static_cast<std::uint64_t>(bytes_a_sample(format.samples));
    const std::uint32_t flags = kLittleEndian | (format.samples == SampleFormat::f32le ? kFloat : 0);
    BigEndian header;
    header.text("caff").number(1, 2).number(0, 2);
    header.text("desc").number(32, 8).number(std::bit_cast<std::uint64_t>(double(format.sample_rate_hz)), 8);
    header.text("lpcm").number(flags, 4).number(channels * sample, 4).number(1, 4);
    header.number(channels, 4).number(8 * sample, 4);
    header.text("data").number(kUnknownSize, 8).number(0, 4);
    return header.take();
}

}  // namespace audio_ident::audio
