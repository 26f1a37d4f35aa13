#include <gmock/gmock.h>

#include "backends.hpp"
#include "lib/openssl/sha256.hpp"
#include "storage/stored_name.hpp"
#include "support/files.hpp"

namespace audio_ident::test {
namespace {

namespace fs = std::filesystem;

std::string sha256_of(const std::string& text) {
    openssl::Sha256 sha;
    sha.update(std::as_bytes(std::span(text)));
    return sha.finish();
}

class AudioStore : public testing::TestWithParam<std::string> {
  protected:
    void SetUp() override {
        if (GetParam() == "S3") store_ = std::make_unique<BucketTestStore>();
        else store_ = std::make_unique<FolderTestStore>();
        if (const auto absent = store_->absent()) GTEST_SKIP() << *absent;
    }
    storage::AudioStore& here() { return store_->here(); }
    storage::AudioStore& elsewhere() { return store_->elsewhere(); }

    fs::path there(const fs::path& path) const { return store_->from_elsewhere(path); }

    fs::path new_file(const std::string& text) {
        const auto file = store_->root() / ("incoming-" + Uuid::random().to_string());
        write_file(file, text);
        return file;
    }
    /// Puts an upload into the store. Returns its path here.
    fs::path keep(const std::string& text, const std::string& name = "song.mp3") {
        const auto kept = here().keep(new_file(text), storage::upload_name(sha256_of(text), name), {});
        EXPECT_TRUE(kept) << kept.error().message;
        return kept.value_or("");
    }
    static std::string read(storage::AudioStore& store, const fs::path& path) {
        const auto opened = store.open(path, {});
        EXPECT_TRUE(opened) << opened.error().message;
        return opened ? content_of_file(*opened) : "";
    }

    std::unique_ptr<TestAudioStore> store_;
};

TEST_P(AudioStore, WhatOneKeepsTheOtherReads) {
    const auto path = keep("some sound");
    EXPECT_EQ(read(here(), path), "some sound");
    EXPECT_EQ(read(elsewhere(), there(path)), "some sound");
    EXPECT_TRUE(*elsewhere().has(there(path), {}));
    EXPECT_TRUE(elsewhere().may_have(there(path)));
    EXPECT_EQ(fs::last_write_time(*elsewhere().open(there(path), {})), fs::last_write_time(*here().open(path, {})));
}

TEST_P(AudioStore, AnyNameCanBeKept) {
    for (const std::string name :
         {"with space + plus.mp3", "öäü é 曲 🎵.flac", "100%.wav", "a%20b.mp3", "q?x#y&z=1;,.mp3",
          "it's (live) [1]!*~.ogg", "\"<&>\".mp3", "c:\\d$e@f^`{|}.mp3", "...mp3", "-"}) {
        SCOPED_TRACE(name);
        const auto path = keep("sound of " + name, name);
        EXPECT_EQ(path.filename().native(), name);
        EXPECT_EQ(read(elsewhere(), there(path)), "sound of " + name);
        EXPECT_TRUE(elsewhere().remove(there(path), {}));
        EXPECT_FALSE(*elsewhere().has(there(path), {}));
    }
}

TEST_P(AudioStore, AnEmptyFileIsAFile) {
    const auto path = keep("");
    const auto opened = elsewhere().open(there(path), {});
    ASSERT_TRUE(opened) << opened.error().message;
    EXPECT_EQ(fs::file_size(*opened), 0U);
}

TEST_P(AudioStore, SentOrNotItIsKept) {
    const std::string text(100'000, 'x');
    const auto name = storage::upload_name(sha256_of(text), "x.mp3");
    const auto file = new_file(text);
    ASSERT_TRUE(here().send(file, name, {}));
    EXPECT_TRUE(fs::exists(file));
    const auto kept = here().keep(file, name, {});
    ASSERT_TRUE(kept) << kept.error().message;
    EXPECT_FALSE(fs::exists(file));
    EXPECT_EQ(read(elsewhere(), there(*kept)), text);
}

TEST_P(AudioStore, WhatIsRemovedIsGone) {
    const auto path = keep("some sound");
    const auto other = keep("some sound", "other name.mp3");
    ASSERT_TRUE(here().remove(path, {}));
    ASSERT_TRUE(here().remove(path, {})) << "an absent one is fine";
    for (auto* store : {&here(), &elsewhere()}) {
        EXPECT_FALSE(*store->has(there(path), {}));
        const auto opened = store->open(there(path), {});
        ASSERT_FALSE(opened);
        EXPECT_EQ(opened.error().reason, Reason::file_not_found) << opened.error().message;
    }
    EXPECT_EQ(read(elsewhere(), there(other)), "some sound");
    const fs::path paths[] = {there(path), there(other), there(store_->root() / "never.mp3")};
    EXPECT_EQ(*elsewhere().count_missing(paths, {}), 2U);
}

TEST_P(AudioStore, OtherFilesAreLeftAlone) {
    const TempFolder music;
    write_file(music / "song.mp3", "mine");
    EXPECT_EQ(*here().open(music / "song.mp3", {}), music / "song.mp3");
    EXPECT_EQ(here().place_of(music / "song.mp3"), music / "song.mp3");
    EXPECT_TRUE(*here().has(music / "song.mp3", {}));
    EXPECT_FALSE(*here().has(music / "none.mp3", {}));
    EXPECT_TRUE(here().remove(music / "song.mp3", {}));
    EXPECT_TRUE(fs::exists(music / "song.mp3"));
}

TEST_P(AudioStore, WhatChangesIsReadAsItIsNow) {
    const auto folder = "timelines/" + Uuid::random().to_string();
    const auto recording = here().keep(new_file("a set"), folder + "/recording/heard", {});
    ASSERT_TRUE(recording) << recording.error().message;
    const auto heard = store_->root() / folder / "heard";
    for (const std::string text : {"one minute", "two minutes", "one minute"}) {
        write_file(heard, text);
        ASSERT_TRUE(here().send(heard, folder + "/heard", {}));
        const auto newest = elsewhere().open_newest(there(heard), {});
        ASSERT_TRUE(newest) << newest.error().message;
        EXPECT_EQ(content_of_file(*newest), text);
    }
    EXPECT_EQ(read(elsewhere(), there(*recording)), "a set");
    ASSERT_TRUE(elsewhere().remove_folder(folder, {}));
    EXPECT_FALSE(*elsewhere().has(there(heard), {}));
    EXPECT_FALSE(*elsewhere().has(there(*recording), {}));
}

TEST_P(AudioStore, ManyMissingFilesAreCounted) {
    std::vector<fs::path> paths{there(keep("one")), there(keep("two"))};
    for (int i = 0; i < 50; ++i)
        paths.push_back(store_->root() / storage::upload_name(sha256_of(std::to_string(i)), "gone.mp3"));
    EXPECT_EQ(*elsewhere().count_missing(paths, {}), 50U);
}

TEST_P(AudioStore, SaysThatItWorks) {
    const auto checked = here().check({});
    EXPECT_TRUE(checked) << checked.error().message;
    EXPECT_TRUE(here().ping({}));
    EXPECT_FALSE(here().text().empty());
}

INSTANTIATE_TEST_SUITE_P(Stores, AudioStore, testing::Values("folder", "S3"),
                         [](const auto& kind) { return kind.param; });

}  // namespace
}  // namespace audio_ident::test
