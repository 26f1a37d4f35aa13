#include <boost/json/serialize.hpp>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <thread>

#include "api/program.hpp"
#include "support/files.hpp"
#include "support/postgres_server.hpp"
#include "support/qdrant_server.hpp"

namespace audio_ident::test {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

/// A library in the data folder, and servers that have nothing yet.
class PostgresApiCopy : public ::testing::Test {
  protected:
    PostgresApiCopy() {
        for (const int seed : {1, 2, 3}) songs_.push_back(home_.add_song(seed, fmt::format("{}.flac", seed)).string());
    }
    void ingest() const {
        const auto ingested = home_.run({"ingest", home_.music().string()});
        ASSERT_EQ(ingested.exit_code, 0) << ingested.err;
    }
    void use_qdrant() {
        on_servers_.environment.insert(on_servers_.environment.end(), {{"QDRANT_MODE", "external"},
                                                                       {"QDRANT_URL", QdrantServer::shared().url()},
                                                                       {"QDRANT_COLLECTION_NAME", "copy"}});
    }
    ProcessResult run(const std::vector<std::string>& arguments) const { return home_.run(arguments, on_servers_); }
    boost::json::object copied(const std::vector<std::string>& options) const {
        std::vector<std::string> arguments = {"db", "copy", "--json"};
        arguments.insert(arguments.end(), options.begin(), options.end());
        const auto result = run(arguments);
        EXPECT_EQ(result.exit_code, 0) << result.err;
        return result.exit_code == 0 ? json_lines(result.out).at(0).as_object() : boost::json::object();
    }

    /// What a search finds in both lanes; `vibe_scores` says whether scores of the vibe lane are in it.
    static std::string answer_of(const ProcessResult& result, bool vibe_scores) {
        EXPECT_EQ(result.exit_code, 0) << result.err;
        if (result.exit_code != 0) return "";
        const auto answer = json_lines(result.out).at(0).as_object();
        EXPECT_EQ(answer.at("exact_matches").as_array().size(), 1U);
        EXPECT_FALSE(answer.at("vibe_matches").as_array().empty());
        std::string text = boost::json::serialize(answer.at("exact_matches"));
        for (const auto& match : answer.at("vibe_matches").as_array()) {
            text += vibe_scores ? boost::json::serialize(match)
                                : boost::json::serialize(match.as_object().at("track").as_object().at("id"));
        }
        return text;
    }

    Home home_;
    std::vector<std::string> songs_;
    std::string url_ = PostgresServer::shared().new_database();
    ProcessSettings on_servers_ = {
        .environment = {{"POSTGRES_MODE", "external"}, {"DATABASE_URL", url_}, {"FINGERPRINT_STORE", "postgresql"}}};
};

TEST_F(PostgresApiCopy, TheWholeLibraryThereAndBackAnswersTheSame) {
    if (!QdrantServer::program()) GTEST_SKIP() << QdrantServer::kAbsent;
    ingest();
    write_file(home_.data() / "calibration.json", R"({"slope":1.5,"offset":0.25,"measured_at":"2026-01-02T03:04:05Z",)"
                                                  R"("fingerprint_version":3})");
    use_qdrant();
    const auto there = copied({"--from", "embedded"});
    EXPECT_EQ(there.at("copied"), 3);
    EXPECT_EQ(there.at("fingerprints").as_object().at("tracks"), 3);
    EXPECT_EQ(there.at("vectors").as_array().at(0).as_object().at("tracks"), 3);
    EXPECT_EQ(run({"doctor"}).exit_code, 0) << run({"doctor"}).out;

    const std::string other = (home_.folder() / "other").string();
    const auto back = copied({"--to", "embedded", "--data-dir", other});
    EXPECT_EQ(back.at("copied"), 3);
    EXPECT_EQ(back.at("fingerprints"), there.at("fingerprints")) << "records and bytes";
    EXPECT_EQ(home_.run({"doctor", "--data-dir", other}).exit_code, 0);

    for (const char* document : {"calibration.json", "vibe.json"})
        EXPECT_EQ(read_file(fs::path(other) / document), read_file(home_.data() / document)) << document;
    const auto waveforms = [](const fs::path& data) {
        return std::distance(fs::recursive_directory_iterator(data / "waveforms"), fs::recursive_directory_iterator());
    };
    EXPECT_EQ(waveforms(other), waveforms(home_.data()));
    for (const std::string& song : songs_) {
        const std::vector<std::string> search = {"search", "--json", song};
        std::vector<std::string> in_other = search;
        in_other.insert(in_other.end(), {"--data-dir", other});
        const auto before = home_.run(search);
        EXPECT_EQ(answer_of(run(search), false), answer_of(before, false));
        EXPECT_EQ(answer_of(home_.run(in_other), true), answer_of(before, true));
    }

    const auto again = run({"db", "copy", "--from", "embedded"});
    EXPECT_EQ(again.exit_code, 2);
    EXPECT_THAT(again.err, AllOf(HasSubstr("already has 3 tracks"), HasSubstr("db reset"), Not(HasSubstr("secret"))));
    for (const auto& part : {"fingerprints", "catalog"})
        EXPECT_EQ(run({"db", "copy", "--from", "embedded", "--only", part}).exit_code, 2) << part;
    EXPECT_EQ(copied({"--from", "embedded", "--only", "vectors"}).at("vectors").as_array().size(), 1U)
        << "the same vectors again";
}

TEST_F(PostgresApiCopy, KilledInTheMiddleItIsNotTakenForALibraryAndRunsAgain) {
    ingest();
    ASSERT_EQ(run({"db", "upgrade"}).exit_code, 0);
    {
        // The last step, the catalog, waits for a lock.
        Process holder(
            {"psql", "--no-psqlrc", "-c", "BEGIN; LOCK TABLE tracks IN SHARE MODE; SELECT pg_sleep(600)", url_},
            {.folder = "/"});
        const auto wait_for = [&](const std::string& condition) {
            while (PostgresServer::psql(url_, "SELECT count(*) FROM pg_locks WHERE relation = 'tracks'::regclass AND " +
                                                  condition) == "0\n")
                std::this_thread::sleep_for(std::chrono::milliseconds(20));
        };
        wait_for("mode = 'ShareLock' AND granted");
        Process copy = home_.start({"db", "copy", "--from", "embedded", "--only", "catalog,fingerprints"}, on_servers_);
        wait_for("mode = 'RowExclusiveLock' AND NOT granted");
        copy.signal(SIGKILL);
        copy.wait();
        holder.signal(SIGKILL);
        PostgresServer::end_connections(url_);
    }
    for (const auto& command : {std::vector<std::string>{"search", songs_.front()}, {"ingest", songs_.front()}}) {
        const auto refused = run(command);
        EXPECT_NE(refused.exit_code, 0) << command.front();
        EXPECT_THAT(refused.err, HasSubstr("a copy into it was not finished; run `audio-ident db copy` again"));
    }
    EXPECT_THAT(run({"doctor"}).out, HasSubstr("a copy into it was not finished"));

    EXPECT_EQ(copied({"--from", "embedded"}).at("copied"), 3);
    EXPECT_EQ(run({"doctor"}).exit_code, 0) << run({"doctor"}).out;
    EXPECT_EQ(answer_of(run({"search", "--json", songs_.front()}), true),
              answer_of(home_.run({"search", "--json", songs_.front()}), true))
        << "vectors stayed in the data folder";
}

TEST_F(PostgresApiCopy, SaysWhatIsMissingAndWhatMakesNoSense) {
    const auto none = run({"db", "copy", "--from", "embedded"});
    EXPECT_EQ(none.exit_code, 75);
    EXPECT_THAT(none.err, HasSubstr("there is no library to copy"));
    ingest();
    for (const auto& [options, message] : std::vector<std::pair<std::vector<std::string>, std::string>>{
             {{}, "name one library with --from or --to"},
             {{"--from", "embedded", "--to", "embedded"}, "the source and the target are the same"},
             {{"--from", "mysql://x"}, "\"mysql://x\" is not a library"},
             {{"--from", "embedded", "--to-vectors", "ftp://x"}, "\"ftp://x\" is not a store of vectors"},
             {{"--from", "embedded", "--only", "catalog,peaks"}, "\"peaks\" is not one of catalog"},
             {{"--to", "sqlite:///tmp/x.db", "--only", "vectors"}, "sqlite://PATH is a catalog alone"}}) {
        std::vector<std::string> arguments = {"db", "copy"};
        arguments.insert(arguments.end(), options.begin(), options.end());
        const auto refused = run(arguments);
        EXPECT_EQ(refused.exit_code, 2) << message;
        EXPECT_THAT(refused.err, HasSubstr(message));
    }
    std::filesystem::remove_all(home_.data() / "fingerprints");
    const auto copied_rows = run({"db", "copy", "--from", "embedded"});
    EXPECT_EQ(copied_rows.exit_code, 0) << copied_rows.err;
    EXPECT_THAT(copied_rows.err, AllOf(HasSubstr("there is no fingerprint index in"), HasSubstr("rebuild-index")));
    EXPECT_THAT(copied_rows.out, Not(HasSubstr("fingerprints")));
    EXPECT_EQ(run({"rebuild-index"}).exit_code, 0);
    EXPECT_EQ(run({"doctor"}).exit_code, 0);
}

}  // namespace
}  // namespace audio_ident::test
