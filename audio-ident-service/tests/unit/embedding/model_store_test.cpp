#include "embedding/model_store.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <gmock/gmock.h>

#include "embedding/models.hpp"
#include "lib/openssl/file_sha256.hpp"
#include "support/clap_reference.hpp"
#include "support/file_server.hpp"
#include "support/files.hpp"
#include "support/process.hpp"
#include "support/temp_folder.hpp"

namespace audio_ident::embedding {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

constexpr const char* kClap = "clap-htsat-large";

/// A folder like the one that export.py writes, and a store.
class ModelStoreTest : public ::testing::Test {
  protected:
    ModelStoreTest() {
        fs::create_directory(given_);
        for (const char* name : {"audio_model.onnx", "text_model.onnx", "tokenizer.json", "model.json"}) {
            fs::copy(test::clap_folder() / name, given_ / name);
        }
    }

    boost::json::value manifest() const {
        const auto bytes = test::read_file(given_ / "model.json");
        return boost::json::parse({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
    }
    void write_manifest(const boost::json::value& json) const {
        test::write_file(given_ / "model.json", boost::json::serialize(json));
    }
    /// Replaces a file and updates its entry in model.json.
    void give(std::size_t index, const test::Bytes& bytes) const {
        auto json = manifest();
        auto& file = json.at("files").at(index).as_object();
        const fs::path path = given_ / std::string(file["name"].as_string());
        test::write_file(path, bytes);
        file["bytes"] = bytes.size();
        file["sha256"] = openssl::file_sha256(path, {})->sha256;
        write_manifest(json);
    }
    /// Another version of the same weights, with a different producer name.
    test::Bytes other_version() const {
        auto bytes = test::read_file(given_ / "audio_model.onnx");
        const std::string_view maker = "pytorch";
        const auto at = std::search(bytes.begin(), bytes.end(), maker.begin(), maker.end(),
                                    [](std::byte a, char b) { return a == std::byte(b); });
        if (at == bytes.end()) throw std::runtime_error("the model does not say who made it");
        *at = std::byte('P');
        return bytes;
    }

    Result<ModelFolder> install(const std::string& model = kClap) const {
        return store_.install(model, *folder_source(given_, model), [](const ModelFile&, std::uint64_t) {}, {});
    }
    std::vector<std::string> files() const {
        std::vector<std::string> names;
        for (const auto& entry : fs::directory_iterator(folder_ / "models" / kClap)) {
            if (entry.is_regular_file()) names.push_back(entry.path().filename().string());
        }
        return names;
    }

    test::TempFolder folder_;
    fs::path given_ = folder_ / "given";
    ModelStore store_{folder_ / "models"};
};

TEST_F(ModelStoreTest, InstallsAFolderThatThenEmbeds) {
    EXPECT_THAT(store_.installed(kClap).error().message, HasSubstr("`audio-ident model install clap-htsat-large`"));
    const auto installed = install();
    ASSERT_TRUE(installed) << installed.error().message;
    EXPECT_EQ(installed->manifest.dimension, 32U);
    EXPECT_THAT(files(), SizeIs(4));
    EXPECT_THAT(ModelStore::damages(*installed, {}).value(), IsEmpty());
    const auto embedder = open_embedder(kClap, 1, store_);
    ASSERT_TRUE(embedder) << embedder.error().message;
    EXPECT_EQ((*embedder)->model().space(), "clap-htsat-large@1-" + installed->manifest.version());
    EXPECT_TRUE((*embedder)->embed_text("piano", {}));
}

TEST_F(ModelStoreTest, TakesAFolderWithoutAManifest) {
    fs::remove(given_ / "model.json");
    fs::create_directory(given_ / "onnx");
    fs::rename(given_ / "audio_model.onnx", given_ / "onnx" / "audio_model.onnx");
    const auto installed = install("clap-htsat-unfused");
    ASSERT_TRUE(installed) << installed.error().message;
    EXPECT_EQ(installed->manifest.dimension, 32U);
    EXPECT_EQ(store_.installed("clap-htsat-unfused")->manifest.model, "clap-htsat-unfused");
    fs::remove(given_ / "tokenizer.json");
    EXPECT_THAT(install().error().message, AllOf(HasSubstr("tokenizer.json"), HasSubstr("export.py")));
}

TEST_F(ModelStoreTest, NamesDamageAndMendsIt) {
    const auto installed = install();
    ASSERT_TRUE(installed);
    const fs::path text = installed->file("text");
    auto bytes = test::read_file(text);
    bytes[bytes.size() / 2] ^= std::byte(1);
    test::write_file(text, bytes);
    test::write_file(installed->file("tokenizer"), "{}");
    fs::remove(installed->file("audio"));
    EXPECT_THAT(ModelStore::damages(*installed, {}).value(),
                testing::UnorderedElementsAre(HasSubstr("cannot be read"), HasSubstr("SHA-256"),
                                              HasSubstr("has 2 bytes instead of")));
    ASSERT_TRUE(install());
    EXPECT_THAT(ModelStore::damages(*installed, {}).value(), IsEmpty());
}

TEST_F(ModelStoreTest, AnotherVersionIsAnotherSpaceAndTakesThePlaceOfTheFirst) {
    const auto first = install();
    ASSERT_TRUE(first);
    give(0, other_version());
    const auto second = install();
    ASSERT_TRUE(second) << second.error().message;
    EXPECT_NE(second->manifest.version(), first->manifest.version());
    EXPECT_FALSE(fs::exists(first->file("audio")));
    EXPECT_FALSE(fs::exists(first->compiled()));
    EXPECT_THAT(files(), SizeIs(4));
}

TEST_F(ModelStoreTest, WhatCannotBeInstalledLeavesWhatWasThere) {
    const auto first = install();
    ASSERT_TRUE(first);
    auto json = manifest();
    json.at("files").at(0).as_object()["sha256"] = std::string(64, 'a');
    write_manifest(json);
    const auto wrong = install();
    EXPECT_EQ(wrong.error().kind, ErrorKind::corrupt);
    EXPECT_THAT(wrong.error().message, AllOf(HasSubstr("audio_model.onnx"), HasSubstr("SHA-256")));

    auto cut = test::read_file(given_ / "audio_model.onnx");
    cut.resize(cut.size() / 2);
    give(0, cut);
    EXPECT_EQ(install().error().kind, ErrorKind::corrupt) << "as model.json says, but no network";

    json = manifest();
    json.at("format") = 2;
    write_manifest(json);
    EXPECT_EQ(install().error().kind, ErrorKind::unsupported);
    json.at("format") = 1;
    json.at("files").at(0).as_object()["name"] = "../audio_model.onnx";
    write_manifest(json);
    EXPECT_EQ(install().error().kind, ErrorKind::corrupt);
    EXPECT_EQ(install("clap-htsat-unfused").error().kind, ErrorKind::corrupt);
    for (const char* text : {"", "{", "[]", R"({"format": 1})"}) {
        test::write_file(given_ / "model.json", text);
        EXPECT_EQ(install().error().kind, ErrorKind::corrupt) << text;
    }

    const auto still = store_.installed(kClap);
    ASSERT_TRUE(still);
    EXPECT_EQ(still->manifest.version(), first->manifest.version());
    EXPECT_THAT(ModelStore::damages(*still, {}).value(), IsEmpty());
}

TEST_F(ModelStoreTest, RefusesATextTowerThatGivesTheSameForAllTexts) {
    auto bytes = test::read_file(given_ / "text_model.onnx");
    // The model now ignores words and their positions: both tables, with 32 numbers per row, come after their names and
    // lengths.
    using namespace std::string_view_literals;
    for (const auto& [table, rows] : {std::pair("word_embeddings.weight\x4A\x80\x80\x04"sv, 512),
                                      {"position_embeddings.weight\x4A\x80\x82\x04"sv, 514}}) {
        const auto at = std::search(bytes.begin(), bytes.end(), table.begin(), table.end(),
                                    [](std::byte a, char b) { return a == std::byte(b); });
        ASSERT_NE(at, bytes.end());
        std::fill_n(at + std::ssize(table), static_cast<std::size_t>(rows) * 32 * sizeof(float), std::byte(0));
    }
    give(1, bytes);
    const auto refused = install();
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().kind, ErrorKind::corrupt);
    EXPECT_THAT(refused.error().message, HasSubstr("returns the same vector for all texts (cosine 1.0000)"));
    EXPECT_FALSE(*store_.find(kClap));
}

TEST_F(ModelStoreTest, IsNotMistakenForAnotherModel) {
    const auto other = install("clap-htsat-unfused");
    EXPECT_EQ(other.error().kind, ErrorKind::invalid_input);
    EXPECT_THAT(other.error().message, HasSubstr("`audio-ident model install clap-htsat-large`"));
}

TEST_F(ModelStoreTest, FetchesFromAServer) {
    test::FileServer server(given_);
    std::uint64_t seen = 0;
    const auto installed = store_.install(
        kClap, *url_source(server.url() + "/"),
        [&](const ModelFile& file, std::uint64_t bytes) { seen = file.role == "audio" ? bytes : seen; }, {});
    ASSERT_TRUE(installed) << installed.error().message;
    EXPECT_EQ(seen, fs::file_size(given_ / "audio_model.onnx"));
    EXPECT_THAT(ModelStore::damages(*installed, {}).value(), IsEmpty());
    const auto sent = server.sent.load();
    ASSERT_TRUE(store_.install(kClap, *url_source(server.url()), [](const ModelFile&, std::uint64_t) {}, {}));
    EXPECT_LT(server.sent - sent, 2000U) << "existing files must not be downloaded again";
}

/// The same files in an archive made by the tar program.
class ArchiveSourceTest : public ModelStoreTest {
  protected:
    void pack(const std::vector<std::string>& options = {}) const {
        std::vector<std::string> command = {"tar", "-C", folder_.path().string(), "-cf", tar_.string()};
        command.insert(command.end(), options.begin(), options.end());
        command.emplace_back("given");
        ASSERT_EQ(test::run_process(command).exit_code, 0);
    }
    Result<ModelFolder> install() const {
        return store_.install(kClap, *archive_source(tar_), [](const ModelFile&, std::uint64_t) {}, {});
    }
    void expect_corrupt(const char* says) const {
        const auto refused = install();
        ASSERT_FALSE(refused) << says;
        EXPECT_EQ(refused.error().kind, ErrorKind::corrupt);
        EXPECT_THAT(refused.error().message, HasSubstr(says));
        EXPECT_THAT(refused.error().message, HasSubstr(tar_.string()));
        EXPECT_FALSE(*store_.find(kClap));
    }

    fs::path tar_ = folder_ / "clap.tar";
};

TEST_F(ArchiveSourceTest, InstallsWhateverWroteTheArchive) {
    for (const char* format : {"gnu", "posix", "ustar"}) {
        pack({std::string("--format=") + format});
        const auto installed = install();
        ASSERT_TRUE(installed) << format << ": " << installed.error().message;
        EXPECT_THAT(ModelStore::damages(*installed, {}).value(), IsEmpty());
        fs::remove_all(installed->path);
    }
}

TEST_F(ArchiveSourceTest, SaysWhatIsWrongWithTheArchive) {
    pack();
    const auto whole = test::read_file(tar_);
    for (const std::size_t bytes : {whole.size() / 2, std::size_t(600), std::size_t(100)}) {
        test::write_file(tar_, test::Bytes(whole.begin(), whole.begin() + std::ptrdiff_t(bytes)));
        expect_corrupt("");
    }
    test::write_file(tar_, "");
    expect_corrupt("");
    test::write_file(tar_, test::read_file(given_ / "audio_model.onnx"));
    expect_corrupt("is not a tar archive");
    pack({"--gzip"});
    expect_corrupt("is not a tar archive");
    pack({"--exclude=text_model.onnx"});
    expect_corrupt("does not contain text_model.onnx");
    pack({"--exclude=model.json"});
    expect_corrupt("does not contain model.json");
    test::write_file(given_ / "text_model.onnx", "short");
    pack();
    expect_corrupt("has 5 bytes, but model.json lists");
    fs::remove(given_ / "text_model.onnx");
    fs::create_symlink("/etc/passwd", given_ / "text_model.onnx");
    pack();
    expect_corrupt("does not contain text_model.onnx");
    fs::remove(tar_);
    EXPECT_EQ(install().error().kind, ErrorKind::not_available);
}

TEST_F(ArchiveSourceTest, WritesNothingWhereTheArchiveSays) {
    pack({"-P", "--transform=s,given/,../../../outside/,"});
    const auto installed = install();
    ASSERT_TRUE(installed) << installed.error().message;
    EXPECT_FALSE(fs::exists(folder_.path().parent_path() / "outside"));
    EXPECT_FALSE(fs::exists(folder_ / "outside"));
    EXPECT_THAT(files(), SizeIs(4)) << "model.json and what it names";
}

/// The same files on a server, without installing the model.
class UrlSourceTest : public ModelStoreTest {
  protected:
    Result<void> fetch(const Deadline& deadline = {}) {
        return url_source(server_.url())
            ->fetch(
                file_, part_, [](const ModelFile&, std::uint64_t) {}, deadline);
    }
    bool is_whole() const { return test::read_file(part_) == test::read_file(given_ / file_.name); }

    test::FileServer server_{given_};
    ModelFile file_ = parse_manifest(boost::json::serialize(manifest()), "").value().files.at(0);
    fs::path part_ = folder_ / "audio.part";
};

TEST_F(UrlSourceTest, GoesOnWhereTheConnectionBroke) {
    server_.breaks_after = 200'000;
    ASSERT_TRUE(fetch());
    EXPECT_TRUE(is_whole());
    EXPECT_EQ(server_.sent, file_.bytes) << "no byte twice";
}

TEST_F(UrlSourceTest, GoesOnWhereAnEarlierProgramEnded) {
    auto begun = test::read_file(given_ / file_.name);
    begun.resize(300'000);
    test::write_file(part_, begun);
    ASSERT_TRUE(fetch());
    EXPECT_TRUE(is_whole());
    EXPECT_EQ(server_.sent, file_.bytes - 300'000);
}

TEST_F(UrlSourceTest, BeginsAnewWhereTheServerGivesNoParts) {
    server_.gives_parts = false;
    test::write_file(part_, std::string(1000, 'x'));
    ASSERT_TRUE(fetch());
    EXPECT_TRUE(is_whole());
}

TEST_F(UrlSourceTest, BeginsAnewWhenMoreIsThereThanThereCanBe) {
    test::write_file(part_, std::string(file_.bytes + 1, 'x'));
    ASSERT_TRUE(fetch());
    EXPECT_TRUE(is_whole());
}

TEST_F(UrlSourceTest, EndsWhenMoreComesThanModelJsonSays) {
    file_.bytes = 1000;
    const auto fetched = fetch();
    EXPECT_EQ(fetched.error().kind, ErrorKind::corrupt);
    EXPECT_THAT(fetched.error().message, HasSubstr("longer than the 1000 bytes"));
}

TEST_F(UrlSourceTest, SaysWhatCouldNotBeFetched) {
    const auto none = url_source(server_.url() + "/elsewhere")->manifest({});
    EXPECT_EQ(none.error().kind, ErrorKind::not_available);
    EXPECT_THAT(none.error().message, AllOf(HasSubstr("/elsewhere/model.json"), HasSubstr("404")));
    EXPECT_EQ(url_source("http://127.0.0.1:1")->manifest({}).error().kind, ErrorKind::not_available);
    EXPECT_EQ(fetch(Deadline::after(std::chrono::seconds(0))).error().kind, ErrorKind::timeout);
}

}  // namespace
}  // namespace audio_ident::embedding
