#include "ingest/commit/waveform_store.hpp"

#include <fstream>
#include <gtest/gtest.h>

#include "catalog/file_documents.hpp"
#include "support/temp_folder.hpp"

namespace audio_ident::ingest {
namespace {

namespace fs = std::filesystem;

const std::string kHash(64, 'a');
const audio::WaveformPeaks kPeaks = {0, 1, 255, 256, 1000};

class WaveformStoreTest : public testing::Test {
  protected:
    fs::path file() const { return folder_ / "waveforms" / "aa" / kHash; }

    test::TempFolder folder_;
    catalog::FileDocuments documents_{folder_.path()};
    WaveformStore store_{documents_};
};

TEST_F(WaveformStoreTest, KeepsAndForgets) {
    EXPECT_EQ(store_.find(kHash), std::nullopt);
    store_.put(kHash, kPeaks);
    EXPECT_EQ(store_.find(kHash), kPeaks);
    store_.put(kHash, {});
    EXPECT_EQ(store_.find(kHash), audio::WaveformPeaks());
    store_.remove(kHash);
    store_.remove(kHash);
    EXPECT_EQ(store_.find(kHash), std::nullopt);
}

TEST_F(WaveformStoreTest, WhatIsDamagedIsNotThere) {
    store_.put(kHash, kPeaks);
    std::ifstream whole_file(file(), std::ios::binary);
    const std::string whole(std::istreambuf_iterator<char>(whole_file), {});
    const auto holds = [&](const std::string& bytes) {
        std::ofstream(file(), std::ios::binary) << bytes;
        return store_.find(kHash).has_value();
    };
    for (std::size_t size = 0; size < whole.size(); ++size) EXPECT_FALSE(holds(whole.substr(0, size))) << size;
    EXPECT_FALSE(holds(whole + '\0'));
    EXPECT_FALSE(holds("AIW2" + whole.substr(4))) << "another version";
    EXPECT_FALSE(holds(whole.substr(0, whole.size() - 1) + '\xff')) << "beyond full scale";
    EXPECT_TRUE(holds(whole));
}

TEST_F(WaveformStoreTest, AFolderThatCannotBeWrittenIsNoError) {
    std::ofstream(folder_ / "waveforms") << "a file";
    store_.put(kHash, kPeaks);
    EXPECT_EQ(store_.find(kHash), std::nullopt);
}

}  // namespace
}  // namespace audio_ident::ingest
