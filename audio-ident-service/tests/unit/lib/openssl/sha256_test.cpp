#include "lib/openssl/sha256.hpp"

#include <gtest/gtest.h>
#include <string_view>

namespace audio_ident::openssl {
namespace {

std::span<const std::byte> bytes(std::string_view text) {
    return std::as_bytes(std::span(text));
}

// Examples from the companion of FIPS 180-4, "Secure Hash Standard, examples with intermediate values".
constexpr std::string_view kAbc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
constexpr std::string_view kEmpty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

TEST(Sha256, GivesTheStandardsDigests) {
    Sha256 sha;
    EXPECT_EQ(sha.finish(), kEmpty);
    sha.update(bytes("abc"));
    EXPECT_EQ(sha.finish(), kAbc);
}

TEST(Sha256, DoesNotDependOnHowTheInputWasCut) {
    const std::string text(100'000, 'x');
    Sha256 whole;
    whole.update(bytes(text));
    const std::string expected = whole.finish();
    for (const std::size_t step : {1UL, 63UL, 64UL, 65UL, 4096UL}) {
        Sha256 sha;
        for (std::size_t i = 0; i < text.size(); i += step) sha.update(bytes(std::string_view(text).substr(i, step)));
        EXPECT_EQ(sha.finish(), expected) << step;
    }
}

TEST(Sha256, IsAsNewAfterFinish) {
    Sha256 sha;
    sha.update(bytes("something else"));
    sha.finish();
    sha.update(bytes("abc"));
    EXPECT_EQ(sha.finish(), kAbc);
}

}  // namespace
}  // namespace audio_ident::openssl
