#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "api/program.hpp"
#include "support/file_server.hpp"
#include "support/files.hpp"

namespace audio_ident::test {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::HasSubstr;

const std::string kFolder = GOLDEN_FOLDER "/clap";  // tiny, with random weights

class ModelTest : public ::testing::Test {
  protected:
    /// The answer of `model list` on one model.
    boost::json::value listed(const std::string& model) {
        for (const auto& line : json_lines(home_.run({"model", "list", "--json"}).out)) {
            if (line.at("model").as_string() == model) return line;
        }
        return nullptr;
    }

    Home home_;
};

TEST_F(ModelTest, TakesClapIntoUseAndBack) {
    const auto nowhere = home_.run({"model", "install", "clap"});
    EXPECT_EQ(nowhere.exit_code, 2);
    EXPECT_THAT(nowhere.err,
                AllOf(HasSubstr("--from PATH"), HasSubstr("scripts/clap/export.py"), HasSubstr("MODEL_URL")));
    const auto early = home_.run({"model", "use", "clap"});
    EXPECT_EQ(early.exit_code, 75);
    EXPECT_THAT(early.err, HasSubstr("`audio-ident model install clap-htsat-large`"));
    EXPECT_EQ(listed("clap-htsat-large").at("state").as_string(), "not installed");

    const auto installed = home_.run({"model", "install", "clap", "--from", kFolder});
    ASSERT_EQ(installed.exit_code, 0) << installed.err;
    EXPECT_THAT(installed.err, HasSubstr("`audio-ident model use clap-htsat-large`"));
    EXPECT_EQ(home_.run({"model", "verify"}).out, "clap-htsat-large: intact\n");

    const auto song = home_.add_song(1, "one.flac").string();
    ASSERT_EQ(home_.run({"ingest", song}).exit_code, 0);
    ASSERT_EQ(home_.run({"model", "use", "clap"}).exit_code, 0);
    EXPECT_TRUE(listed("clap-htsat-large").at("in_use").as_bool());
    EXPECT_EQ(home_.run({"search", "--mode", "vibe", song}).exit_code, 0) << "the model before answers";
    ASSERT_EQ(home_.run({"reembed"}).exit_code, 0);
    const auto found =
        home_.run({"search", "--json", "--mode", "vibe", "--min-similarity", "0", "--text", "slow piano"});
    ASSERT_EQ(found.exit_code, 0) << found.err;
    const auto match = json_lines(found.out).at(0).at("vibe_matches").at(0);
    EXPECT_EQ(match.at("embedding_model").as_string(), "clap-htsat-large");
    EXPECT_EQ(home_.run({"search", "--mode", "vibe", song}).exit_code, 0);

    ASSERT_EQ(home_.run({"model", "use", "musicnn"}).exit_code, 0);
    EXPECT_EQ(home_.run({"search", "--mode", "vibe", song}).exit_code, 0) << "the model before answers";
}

TEST_F(ModelTest, FetchesFromAnAddressAndShowsWhatIsWrongWithIt) {
    const fs::path folder = home_.folder() / "given";
    fs::create_directory(folder);
    fs::copy(kFolder, folder / "clap-htsat-large");
    FileServer server(folder);
    const ProcessSettings settings = {.environment = {{"MODEL_URL", server.url()}}};
    server.breaks_after = 300;  // of model.json
    EXPECT_EQ(home_.run({"model", "install", "clap"}, settings).exit_code, 75);
    const auto installed = home_.run({"model", "install", "clap"}, settings);
    ASSERT_EQ(installed.exit_code, 0) << installed.err;

    const fs::path file =
        fs::path(json_lines(home_.run({"model", "list", "--json"}).out).at(1).at("folder").as_string().c_str());
    for (const auto& entry : fs::directory_iterator(file)) {
        if (entry.path().extension() == ".onnx") write_file(entry.path(), "damaged");
    }
    const auto verified = home_.run({"model", "verify", "clap"});
    EXPECT_EQ(verified.exit_code, 1);
    EXPECT_THAT(verified.out, AllOf(HasSubstr("clap-htsat-large: damaged"), HasSubstr("has 7 bytes instead of")));
    EXPECT_THAT(verified.err, HasSubstr("`audio-ident model install clap-htsat-large`"));
    const auto song = home_.add_song(1, "one.flac").string();
    const ProcessSettings clap = {.environment = {{"EMBEDDING_MODEL", "clap-htsat-large"}}};
    const auto exact = home_.run({"ingest", song}, clap);
    EXPECT_EQ(exact.exit_code, 0) << "the exact lane needs no model: " << exact.err;
    EXPECT_THAT(home_.run({"search", "--mode", "vibe", song}, clap).err, HasSubstr("`audio-ident model verify"));
}

TEST_F(ModelTest, SaysWhereTheModelIsSetOtherwise) {
    const auto used =
        home_.run({"model", "use", "musicnn"}, {.environment = {{"EMBEDDING_MODEL", "clap-htsat-unfused"}}});
    EXPECT_EQ(used.exit_code, 2);
    EXPECT_THAT(used.err, HasSubstr("EMBEDDING_MODEL is set to clap-htsat-unfused by the environment"));
    EXPECT_EQ(home_.run({"model", "use", "vggish"}).exit_code, 2);
    EXPECT_EQ(home_.run({"model", "install", "musicnn"}).exit_code, 0) << "part of the program";
}

TEST_F(ModelTest, LeavesNothingHalfWhereNothingCanBeWritten) {
    const auto models = home_.data() / "models";
    fs::create_directories(models);
    fs::permissions(models, fs::perms::owner_read | fs::perms::owner_exec);
    if (::geteuid() == 0) home_.prefix = {"setpriv", "--bounding-set=-all", "--inh-caps=-all"};
    const auto forbidden = home_.run({"model", "install", "clap", "--from", kFolder});
    EXPECT_EQ(forbidden.exit_code, 75);
    EXPECT_THAT(forbidden.err, AllOf(HasSubstr(models.string()), HasSubstr("Permission denied")));
    fs::permissions(models, fs::perms::owner_all);

    home_.prefix = {"bash", "-c", "ulimit -f 200; exec \"$@\"", "limited"};  // KiB
    const auto full = home_.run({"model", "install", "clap", "--from", kFolder});
    EXPECT_EQ(full.exit_code, 75);
    EXPECT_THAT(full.err, HasSubstr("File too large"));
    home_.prefix = {};
    EXPECT_EQ(listed("clap-htsat-large").at("state").as_string(), "not installed");
    EXPECT_EQ(home_.run({"model", "install", "clap", "--from", kFolder}).exit_code, 0);
}

}  // namespace
}  // namespace audio_ident::test
