#include "monitor/hearing.hpp"

#include "unit/search/library.hpp"

namespace audio_ident::monitor {
namespace {

using namespace audio_ident::test;

class IndexThatMayBeAway final : public index::FingerprintIndexReader {
  public:
    explicit IndexThatMayBeAway(index::FingerprintIndexReader& index) : index_(index) {}
    Result<std::unique_ptr<index::FingerprintSnapshot>> snapshot(const Deadline& deadline) override {
        if (is_away) return fail(ErrorKind::not_available, "the index is away");
        return index_.snapshot(deadline);
    }

    bool is_away = false;

  private:
    index::FingerprintIndexReader& index_;
};

TEST(Hearing, GoesOnWithTheOldSessionWhileTheIndexCannotBeOpenedAnew) {
    Library library(1, 12);
    IndexThatMayBeAway index(library.index().reader());
    Executor executor(1);
    std::int64_t version = 0;
    Hearing hearing({.index = index, .executor = executor, .library_version = [&] { return version; }});
    const Clip block = noise(3, 5, kRate);
    const auto hear = [&] {
        auto heard = hearing.consume(block.samples);
        EXPECT_TRUE(heard) << heard.error().message;
        return heard && *heard && (*heard)->is_new;
    };
    EXPECT_TRUE(hear()) << "the first session";
    version = 1;
    index.is_away = true;
    for (int i = 0; i < 15; ++i) EXPECT_FALSE(hear());
    index.is_away = false;
    EXPECT_FALSE(hear()) << "it changes after this answer";
    EXPECT_TRUE(hear());
    EXPECT_FALSE(hear()) << "once";
}

}  // namespace
}  // namespace audio_ident::monitor
