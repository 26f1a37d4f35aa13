#include <atomic>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <mutex>

#include "app/document_watch.hpp"
#include "app/shared_documents.hpp"
#include "catalog/file_documents.hpp"
#include "support/temp_folder.hpp"

namespace audio_ident::app {
namespace {

using catalog::Worth;
using testing::ElementsAre;

class DocumentsTest : public testing::Test {
  protected:
    static void put(catalog::DocumentStore& documents, const std::string& name, const std::string& content) {
        ASSERT_TRUE(documents.put({name, content}, Worth::unique, {}));
    }

    test::TempFolder own_folder_;
    test::TempFolder shared_folder_;
    catalog::FileDocuments own_{own_folder_.path()};
    catalog::FileDocuments shared_{shared_folder_.path()};
};

TEST_F(DocumentsTest, ALibraryTakesItsDocumentsWithIt) {
    put(own_, "calibration.json", "{}");
    put(own_, "duplicates", "notes");
    put(own_, "service-id", "of this folder alone");
    ASSERT_TRUE(share_documents(own_, shared_, {}));
    EXPECT_EQ(shared_.find("calibration.json", {}).value(), "{}");
    EXPECT_EQ(shared_.find("duplicates", {}).value(), "notes");
    EXPECT_EQ(shared_.find("service-id", {}).value(), std::nullopt);
    EXPECT_EQ(own_.find("duplicates", {}).value(), "notes") << "an embedded library may still use it";
}

TEST_F(DocumentsTest, WhatIsSharedAlreadyStays) {
    put(shared_, "vibe.json", "shared");
    put(own_, "vibe.json", "own");
    put(own_, "calibration.json", "own");
    ASSERT_TRUE(share_documents(own_, shared_, {}));
    EXPECT_EQ(shared_.find("vibe.json", {}).value(), "shared");
    EXPECT_EQ(shared_.find("calibration.json", {}).value(), std::nullopt);
}

TEST_F(DocumentsTest, AWatchTellsWhichDocumentChanged) {
    put(shared_, "a", "1");
    put(shared_, "b", "1");
    std::mutex mutex;
    std::vector<std::string> changed;
    const auto wait_for = [&](std::size_t count) {
        const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(60);
        while (std::chrono::steady_clock::now() < end) {
            const std::lock_guard lock(mutex);
            if (changed.size() >= count) return;
        }
        ADD_FAILURE() << "no change was seen";
    };
    const DocumentWatch watch(
        shared_, {"a", "b", "c"},
        [&](const std::string& name) {
            const std::lock_guard lock(mutex);
            changed.push_back(name);
        },
        std::chrono::milliseconds(1));
    put(shared_, "b", "2");
    wait_for(1);
    put(shared_, "c", "new");
    wait_for(2);
    ASSERT_TRUE(shared_.remove("a", {}));
    wait_for(3);
    EXPECT_THAT(changed, ElementsAre("b", "c", "a"));
}

}  // namespace
}  // namespace audio_ident::app
