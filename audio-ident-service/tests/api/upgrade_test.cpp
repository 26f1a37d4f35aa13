#include <chrono>
#include <csignal>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <thread>

#include "api/program.hpp"
#include "index/fingerprint/records.hpp"
#include "index/lmdb/lmdb_maps.hpp"
#include "lib/lmdb/environment.hpp"

namespace audio_ident::test {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using namespace std::chrono_literals;

constexpr auto kPatience = 60s;
constexpr const char* kSentence = "2 of 2 tracks have fingerprints of an earlier version, and are found as before";

/// A library of two songs whose index is that of the program before.
class Upgrade : public ::testing::Test {
  protected:
    Upgrade() {
        song_ = home_.add_song(1, "one.flac").string();
        home_.add_song(2, "two.flac");
        const auto ingested = home_.run({"ingest", home_.music().string()});
        EXPECT_EQ(ingested.exit_code, 0) << ingested.err;
        const lmdb::Environment environment(home_.data() / "fingerprints", lmdb::Access::read_write, index::kTables);
        lmdb::Transaction transaction(environment, lmdb::Access::read_write);
        const index::Tables tables(transaction, lmdb::IfMissing::refuse);
        index::LmdbMaps maps(transaction, tables);
        auto state = read_meta(maps).value();
        state.format_version = index::kOldestFormatVersion;
        state.params_version = index::kOldestParamsVersion;
        state.first_current = 0;
        write_meta(maps, state);
        transaction.commit();
    }

    ProcessResult search() const { return home_.run({"search", "--json", "--mode", "exact", song_}); }
    static void expect_found(const std::string& json) {
        const auto answers = json_lines(json);
        ASSERT_EQ(answers.size(), 1U);
        const auto& matches = answers[0].at("exact_matches").as_array();
        ASSERT_EQ(matches.size(), 1U);
        EXPECT_EQ(matches[0].at("track").at("title").as_string(), "Song 1");
    }
    Process serve() const { return home_.start({"serve"}, {.environment = {{"SERVICE_PORT", "0"}}}); }
    /// Of a service that has begun to listen; empty when it did not.
    static std::string url_of(Process& service) {
        for (const auto end = std::chrono::steady_clock::now() + kPatience;
             service.running() && std::chrono::steady_clock::now() < end; std::this_thread::sleep_for(20ms)) {
            const auto out = service.out();
            const auto begin = out.find("http://");
            const auto line = out.find('\n', begin);
            if (line != std::string::npos && begin != std::string::npos) return out.substr(begin, line - begin);
        }
        return {};
    }
    bool has_older_fingerprints() const {
        return home_.run({"doctor"}).out.find("older fingerprints") != std::string::npos;
    }

    Home home_;
    std::string song_;
};

TEST_F(Upgrade, TracksAreFoundAsBeforeAndTheProgramSaysWhatIsOlder) {
    const auto result = search();
    expect_found(result.out);
    EXPECT_THAT(result.err, HasSubstr(kSentence));
    EXPECT_TRUE(has_older_fingerprints());

    const auto rebuilt = home_.run({"rebuild-index", "--missing"});
    EXPECT_EQ(rebuilt.exit_code, 0) << rebuilt.err;
    EXPECT_FALSE(has_older_fingerprints());
    EXPECT_THAT(search().err, Not(HasSubstr("earlier version")));
}

TEST_F(Upgrade, TheServiceMakesNewFingerprintsByItselfAndAnswersMeanwhile) {
    {
        auto killed = serve();
        ASSERT_NE(url_of(killed), "") << killed.out();
        killed.signal(SIGKILL);
        EXPECT_THAT(killed.wait().err, HasSubstr(kSentence));
    }
    auto service = serve();
    const auto url = url_of(service);
    ASSERT_NE(url, "") << service.out();
    const auto answer =
        run_process({"curl", "-sf", "-F", "mode=exact", "-F", "audio=@" + song_, url + "/api/v1/search"});
    ASSERT_EQ(answer.exit_code, 0) << answer.err;
    expect_found(answer.out);
    bool older = true;
    for (const auto end = std::chrono::steady_clock::now() + kPatience;
         older && std::chrono::steady_clock::now() < end;)
        older = has_older_fingerprints();
    EXPECT_FALSE(older);
    service.signal(SIGTERM);
    EXPECT_EQ(service.wait().exit_code, 128 + SIGTERM);
    expect_found(search().out);
}

}  // namespace
}  // namespace audio_ident::test
