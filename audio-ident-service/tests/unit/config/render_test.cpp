#include "config/render.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/env_file.hpp"
#include "support/files.hpp"
#include "support/temp_folder.hpp"

namespace audio_ident::config {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::string text_of(const std::filesystem::path& path) {
    const auto bytes = test::read_file(path);
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

TEST(EnvExample, TheFileIsWhatTheTableSays) {
    EXPECT_EQ(text_of(std::filesystem::path(REPOSITORY_ROOT) / ".env.example"), env_example())
        << "the file is out of date; run: audio-ident config --example > .env.example";
}

TEST(EnvExample, EveryLineTakenInIsValidAndTheDefault) {
    std::string text = env_example();
    for (const Setting& setting : all_settings()) {
        const auto at = text.find("\n#" + std::string(setting.name) + "=");
        ASSERT_NE(at, std::string::npos) << setting.name;
        text.erase(at + 1, 1);
    }
    test::TempFolder folder;
    test::write_file(folder / ".env", text);
    Sources sources;
    sources.environment = [](const std::string& name) {
        return name == "HOME" ? std::optional<std::string>("/home/you") : std::nullopt;
    };
    sources.env_file = folder / ".env";
    const auto from_file = load(sources);
    ASSERT_TRUE(from_file) << from_file.error().message;
    test::write_file(folder / ".env", "");
    const auto from_defaults = load(sources);
    ASSERT_TRUE(from_defaults);
    for (std::size_t i = 0; i < from_file->values.size(); ++i) {
        const auto& value = from_file->values[i];
        if (value.setting->type == Type::path) continue;  // "~" is written out
        if (value.setting->name == "DATABASE_URL") continue;
        EXPECT_EQ(value.text, from_defaults->values[i].text) << value.setting->name;
    }
    EXPECT_EQ(from_file->settings.data_dir, from_defaults->settings.data_dir);
    EXPECT_EQ(from_file->settings.fingerprint_db_path, from_defaults->settings.fingerprint_db_path);
    EXPECT_EQ(from_file->settings.catalog.url, from_defaults->settings.catalog.url);
}

TEST(ConfigText, ShowsOriginsAndHidesSecrets) {
    Sources sources;
    sources.environment = [](const std::string& name) -> std::optional<std::string> {
        if (name == "ADMIN_API_KEY") return "s3cret";
        if (name == "QDRANT_URL") return "https://me:s3cret@qdrant:6333";
        if (name == "HOME") return "/home/you";
        return std::nullopt;
    };
    test::TempFolder folder;
    test::write_file(folder / ".env", "LOG_LEVEL=debug");
    sources.env_file = folder / ".env";
    const auto loaded = load(sources);
    ASSERT_TRUE(loaded);
    const auto text = to_text(*loaded);
    EXPECT_THAT(text, Not(HasSubstr("s3cret")));
    EXPECT_THAT(text, HasSubstr("https://me:***@qdrant:6333"));
    EXPECT_THAT(text, ::testing::ContainsRegex("ADMIN_API_KEY +=.*the environment"));
    EXPECT_THAT(text, ::testing::ContainsRegex("LOG_LEVEL += debug.*env:1"));
    EXPECT_THAT(text, ::testing::ContainsRegex("SERVICE_PORT += 17010.*default"));
}

}  // namespace
}  // namespace audio_ident::config
