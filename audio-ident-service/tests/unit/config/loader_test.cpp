#include "config/loader.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <map>

#include "support/files.hpp"
#include "support/temp_folder.hpp"

namespace audio_ident::config {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

class LoaderTest : public ::testing::Test {
  protected:
    LoaderTest() { write_env_file(""); }

    void write_env_file(std::string_view text) { test::write_file(folder_ / "settings.env", text); }

    Result<Loaded> load_now() {
        Sources sources;
        sources.flags = flags_;
        sources.environment = [this](const std::string& name) -> std::optional<std::string> {
            const auto found = environment_.find(name);
            return found == environment_.end() ? std::nullopt : std::optional(found->second);
        };
        sources.env_file = folder_ / "settings.env";
        return load(sources);
    }
    Settings settings() {
        auto loaded = load_now();
        EXPECT_TRUE(loaded) << loaded.error().message;
        return loaded ? loaded->settings : Settings();
    }
    std::string error() {
        const auto loaded = load_now();
        EXPECT_FALSE(loaded);
        return loaded ? "" : loaded.error().message;
    }

    test::TempFolder folder_;
    std::vector<std::pair<std::string, std::string>> flags_;
    std::map<std::string, std::string> environment_ = {{"HOME", "/home/you"}};
};

TEST_F(LoaderTest, DefaultsNeedNothing) {
    const auto s = settings();
    EXPECT_EQ(s.data_dir, "/home/you/.local/share/audio-ident");
    EXPECT_EQ(s.catalog.url, "sqlite:///home/you/.local/share/audio-ident/catalog.db");
    EXPECT_EQ(s.fingerprint_db_path, "/home/you/.local/share/audio-ident/fingerprints");
    EXPECT_EQ(s.catalog.mode, StoreMode::embedded);
    EXPECT_EQ(s.qdrant.url, "http://localhost:6333");
    EXPECT_EQ(s.service.port, 17010);
    EXPECT_EQ(s.service.cors_origins, std::vector<std::string>{"http://localhost:17000"});
    EXPECT_EQ(s.embedding.dim, std::nullopt);
    EXPECT_EQ(s.log.level, LogLevel::info);
}

TEST_F(LoaderTest, DataFolderFollowsXdgAndMovesAllEmbeddedStores) {
    environment_["XDG_DATA_HOME"] = "/data";
    EXPECT_EQ(settings().data_dir, "/data/audio-ident");
    environment_["XDG_DATA_HOME"] = "relative, which the standard says to ignore";
    EXPECT_EQ(settings().data_dir, "/home/you/.local/share/audio-ident");
    flags_ = {{"AUDIO_IDENT_DATA_DIR", "~/music index/"}};
    EXPECT_EQ(settings().catalog.url, "sqlite:///home/you/music index/catalog.db");
    EXPECT_EQ(settings().audio_storage_root, "/home/you/music index/uploads");
}

TEST_F(LoaderTest, ABucketNeedsKeysAndHasAnAddress) {
    EXPECT_TRUE(settings().audio_storage.bucket.empty());
    environment_["AUDIO_STORAGE_URL"] = "s3://music/a/b/";
    EXPECT_THAT(error(), AllOf(HasSubstr("S3_ACCESS_KEY must be set"), Not(HasSubstr("S3_SECRET_KEY"))));
    environment_["S3_ACCESS_KEY"] = "me";
    EXPECT_THAT(error(), HasSubstr("S3_SECRET_KEY must be set"));
    test::write_file(folder_ / "secret", "pass/word+\n");
    environment_["S3_SECRET_KEY_FILE"] = (folder_ / "secret").string();
    environment_["S3_REGION"] = "eu-central-1";
    auto storage = settings().audio_storage;
    EXPECT_EQ(storage.bucket, "music");
    EXPECT_EQ(storage.prefix, "a/b/");
    EXPECT_EQ(storage.endpoint, "https://s3.eu-central-1.amazonaws.com");
    EXPECT_EQ(storage.style, S3Style::path);
    EXPECT_EQ(storage.secret_key, "pass/word+");
    EXPECT_EQ(storage.cache_bytes, std::uint64_t{10} << 30);
    environment_["AUDIO_STORAGE_URL"] = "s3://music";
    environment_["S3_ENDPOINT"] = "http://localhost:9000/";
    environment_["S3_ADDRESSING"] = "host";
    storage = settings().audio_storage;
    EXPECT_EQ(storage.prefix, "");
    EXPECT_EQ(storage.endpoint, "http://localhost:9000");
    EXPECT_EQ(storage.style, S3Style::host);
    environment_["AUDIO_STORAGE_URL"] = "s3:///a";
    EXPECT_THAT(error(), HasSubstr("names no bucket"));
    environment_["AUDIO_STORAGE_URL"] = "https://music";
    EXPECT_THAT(error(), HasSubstr("s3://"));
}

TEST_F(LoaderTest, FlagBeatsEnvironmentBeatsFileBeatsDefault) {
    write_env_file("SERVICE_PORT=1001\nUI_PORT=1002\nQDRANT_HTTP_PORT=1003\n");
    environment_["SERVICE_PORT"] = "2001";
    environment_["UI_PORT"] = "2002";
    flags_ = {{"SERVICE_PORT", "3001"}};
    const auto loaded = load_now();
    ASSERT_TRUE(loaded);
    EXPECT_EQ(loaded->settings.service.port, 3001);
    EXPECT_EQ(loaded->settings.service.ui_port, 2002);
    EXPECT_EQ(loaded->settings.qdrant.http_port, 1003);
    EXPECT_EQ(loaded->settings.qdrant.grpc_port, 6334);
    for (const auto& value : loaded->values) {
        if (value.setting->name == "QDRANT_HTTP_PORT") {
            EXPECT_EQ(value.where, (folder_ / "settings.env").string() + ":3");
        }
    }
}

TEST_F(LoaderTest, AnEmptyValueIsNotSet) {
    write_env_file("LOG_LEVEL=debug");
    environment_["LOG_LEVEL"] = "";
    EXPECT_EQ(settings().log.level, LogLevel::debug);
}

TEST_F(LoaderTest, AWrongValueNamesSettingOriginValueAndWhatIsAllowed) {
    environment_["LOG_LEVEL"] = "loud";
    EXPECT_EQ(error(),
              "LOG_LEVEL from the environment: \"loud\" is not allowed; allowed: one of trace, debug, info, "
              "warning, error");
    environment_.erase("LOG_LEVEL");
    write_env_file("\nUI_PORT=70000");
    EXPECT_THAT(error(), AllOf(HasSubstr("UI_PORT from "), HasSubstr("settings.env:2"), HasSubstr("\"70000\""),
                               HasSubstr("a number from 1 to 65535")));
    for (const char* port : {"0", "-1", "80x", "1e3", " 80", "99999999999999999999"}) {
        flags_ = {{"UI_PORT", port}};
        EXPECT_THAT(error(), HasSubstr("UI_PORT from the command line")) << port;
    }
}

TEST_F(LoaderTest, AWrongSecretIsNotShown) {
    environment_["DATABASE_URL"] = "host=db password=hunter2";
    EXPECT_THAT(error(), AllOf(HasSubstr("DATABASE_URL"), HasSubstr("postgresql://"), Not(HasSubstr("hunter2"))));
    environment_["DATABASE_URL"] = "postgresql://me:hunter2@db/x";
    EXPECT_THAT(error(), AllOf(HasSubstr("POSTGRES_MODE from default is embedded"),
                               HasSubstr("postgresql://me:***@db/x"), Not(HasSubstr("hunter2"))));
}

TEST_F(LoaderTest, ModeAndUrlMustAgree) {
    environment_["POSTGRES_MODE"] = "external";
    EXPECT_THAT(error(), HasSubstr("DATABASE_URL must be set"));
    environment_["DATABASE_URL"] = "sqlite:///tmp/x.db";
    EXPECT_THAT(error(), HasSubstr("postgresql:// with docker and external"));
    environment_["DATABASE_URL"] = "postgresql://me@db/x";
    EXPECT_EQ(settings().catalog.mode, StoreMode::external);
}

TEST_F(LoaderTest, DockerKnowsItsOwnUrl) {
    environment_["POSTGRES_MODE"] = "docker";
    environment_["POSTGRES_PORT"] = "15432";
    EXPECT_EQ(settings().catalog.url, "postgresql://audio_ident:audio_ident@localhost:15432/audio_ident");
    environment_["POSTGRES_HOST"] = "postgres";
    EXPECT_EQ(settings().catalog.url, "postgresql://audio_ident:audio_ident@postgres:15432/audio_ident");
    environment_["DATABASE_URL"] = "postgresql://me@db/x";
    EXPECT_EQ(settings().catalog.url, "postgresql://me@db/x");
}

TEST_F(LoaderTest, FingerprintsInPostgresqlNeedTheCatalogThere) {
    EXPECT_EQ(settings().fingerprints.store, FingerprintStore::lmdb);
    environment_["FINGERPRINT_STORE"] = "postgresql";
    EXPECT_THAT(error(), AllOf(HasSubstr("POSTGRES_MODE"), HasSubstr("FINGERPRINT_STORE=lmdb")));
    environment_["POSTGRES_MODE"] = "docker";
    environment_["FINGERPRINT_CACHE_BYTES"] = "1000";
    environment_["FINGERPRINT_COPY_BYTES"] = "2000";
    EXPECT_EQ(settings().fingerprints.store, FingerprintStore::postgresql);
    EXPECT_EQ(settings().fingerprints.cache_bytes, 1000U);
    EXPECT_EQ(settings().fingerprints.copy_bytes, 2000U);
}

TEST_F(LoaderTest, QdrantInDockerIsWhereItsPortIs) {
    environment_["QDRANT_HTTP_PORT"] = "16333";
    EXPECT_EQ(settings().qdrant.url, "http://localhost:6333") << "of a container only";
    environment_["QDRANT_MODE"] = "docker";
    EXPECT_EQ(settings().qdrant.url, "http://localhost:16333");
    environment_["QDRANT_URL"] = "http://qdrant:6333";
    EXPECT_EQ(settings().qdrant.url, "http://qdrant:6333");
}

TEST_F(LoaderTest, ACollectionMayBeOnSeveralNodes) {
    environment_["QDRANT_URL"] = "http://a:6333, https://b:6333";
    environment_["QDRANT_REPLICATION_FACTOR"] = "2";
    EXPECT_EQ(settings().qdrant.url, "http://a:6333, https://b:6333");
    EXPECT_EQ(settings().qdrant.replication_factor, 2U);
    environment_["QDRANT_URL"] = "http://a:6333,b:6333";
    EXPECT_THAT(error(), HasSubstr("URLs, separated by commas, that start with http:// or https://"));
}

TEST_F(LoaderTest, ASecretMayComeFromAFile) {
    test::write_file(folder_ / "key", "s3cret\n");
    environment_["ADMIN_API_KEY_FILE"] = (folder_ / "key").string();
    EXPECT_EQ(settings().service.admin_api_key, "s3cret");
    flags_ = {{"ADMIN_API_KEY", "stronger"}};
    EXPECT_EQ(settings().service.admin_api_key, "stronger");
    flags_ = {};
    environment_["ADMIN_API_KEY"] = "both";
    EXPECT_THAT(error(), HasSubstr("ADMIN_API_KEY and ADMIN_API_KEY_FILE are both set in the environment"));
    environment_.erase("ADMIN_API_KEY");
    environment_["ADMIN_API_KEY_FILE"] = (folder_ / "missing").string();
    EXPECT_THAT(error(), AllOf(HasSubstr("ADMIN_API_KEY_FILE"), HasSubstr("missing")));
    environment_.erase("ADMIN_API_KEY_FILE");
    environment_["LOG_LEVEL_FILE"] = (folder_ / "key").string();
    EXPECT_EQ(settings().log.level, LogLevel::info) << "only secrets are read from files";
}

TEST_F(LoaderTest, AWebhookNeedsASecret) {
    environment_["MONITOR_WEBHOOK_URL"] = "https://example.org/plays";
    EXPECT_THAT(error(), HasSubstr("MONITOR_WEBHOOK_SECRET must be set"));
    environment_["MONITOR_WEBHOOK_SECRET"] = "s3cret";
    EXPECT_EQ(settings().monitors.webhook_url, "https://example.org/plays");
    EXPECT_EQ(settings().monitors.webhook_secret, "s3cret");
    environment_["MONITOR_WEBHOOK_URL"] = "ftp://example.org/plays";
    EXPECT_THAT(error(), HasSubstr("http:// or https://"));
}

TEST_F(LoaderTest, TheOldNameWorksWithAWarning) {
    environment_["OLAF_LMDB_PATH"] = "/index/olaf";
    auto loaded = load_now();
    ASSERT_TRUE(loaded);
    EXPECT_EQ(loaded->settings.fingerprint_db_path, "/index/olaf");
    ASSERT_EQ(loaded->warnings.size(), 1U);
    EXPECT_THAT(loaded->warnings.front(), AllOf(HasSubstr("OLAF_LMDB_PATH"), HasSubstr("FINGERPRINT_DB_PATH")));

    environment_["FINGERPRINT_DB_PATH"] = "/index/new";
    loaded = load_now();
    ASSERT_TRUE(loaded);
    EXPECT_EQ(loaded->settings.fingerprint_db_path, "/index/new");
    EXPECT_TRUE(loaded->warnings.empty());
}

TEST_F(LoaderTest, AFlagForAnUnknownSettingIsRefused) {
    flags_ = {{"LOG_LEVLE", "debug"}};
    EXPECT_THAT(error(), HasSubstr("there is no setting LOG_LEVLE"));
}

TEST_F(LoaderTest, WhatACommandHasChosenComesAfterWhatTheUserHasSet) {
    environment_["AUDIO_IDENT_DATA_DIR"] = (folder_ / "data").string();
    ASSERT_TRUE(choose(settings(), "LOG_LEVEL", "debug"));
    ASSERT_TRUE(choose(settings(), "EMBEDDING_MODEL", "clap-htsat-large"));
    ASSERT_TRUE(choose(settings(), "EMBEDDING_MODEL", "clap-htsat-unfused"));
    const auto loaded = load_now();
    ASSERT_TRUE(loaded);
    EXPECT_EQ(loaded->settings.embedding.model, "clap-htsat-unfused");
    EXPECT_EQ(loaded->settings.log.level, LogLevel::debug);
    write_env_file("EMBEDDING_MODEL=musicnn\n");
    EXPECT_EQ(settings().embedding.model, "musicnn");
    write_env_file("");
    environment_["EMBEDDING_MODEL"] = "musicnn";
    EXPECT_EQ(settings().embedding.model, "musicnn");
}

TEST_F(LoaderTest, ANamedSettingsFileMustBeReadable) {
    Sources sources;
    sources.environment = [](const std::string&) { return std::nullopt; };
    sources.env_file = folder_ / "absent.env";
    const auto loaded = load(sources);
    ASSERT_FALSE(loaded);
    EXPECT_EQ(loaded.error().kind, ErrorKind::not_available);
    EXPECT_THAT(loaded.error().message, HasSubstr("absent.env"));
}

}  // namespace
}  // namespace audio_ident::config
