#include "ingest/renew_fingerprints.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "library.hpp"

namespace audio_ident::ingest {
namespace {

using test::Library;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr std::uint32_t kBefore = fingerprint::Params::kVersion - 1;

class RenewFingerprints : public testing::Test {
  protected:
    RenewFingerprints() {
        for (const char* number : {"1", "2", "3"}) {
            library.put(std::string(number) + ".mp3", std::string("song ") + number + " 100");
        }
        library.run();
        auto entries = library.disk.index.entries();
        for (auto& entry : entries) entry.second.params_version = kBefore;
        library.disk.index.set_entries(entries);
    }

    Result<ChangeLock> lock() const {
        auto folder = util::FileLock::acquire(library.folder / "renewal", "a test", Deadline::after(patience));
        if (!folder) return forward(folder);
        return ChangeLock(std::move(*folder));
    }
    std::chrono::seconds patience{30};  // with who holds the lock
    PassReport renew() {
        PassRequest request;
        request.threads = 1;
        request.batch.max_tracks = 1;
        return library.with_parts([&](const IngestParts& parts) {
            return renew_fingerprints({parts.stores, parts.make_analyzer, [this] { return lock(); }}, request, library,
                                      library.stop.get_token());
        });
    }
    /// Names of the files whose tracks have fingerprints of an earlier version.
    std::vector<std::string> outdated() const {
        std::vector<std::string> names;
        const auto entries = library.disk.index.entries();
        for (const char* name : {"1.mp3", "2.mp3", "3.mp3"}) {
            const auto entry = entries.find(library.id_of(name));
            if (entry != entries.end() && entry->second.params_version == kBefore) names.emplace_back(name);
        }
        return names;
    }

    Library library;
    const std::vector<std::string> whole{"1.mp3: song 1", "2.mp3: song 2", "3.mp3: song 3"};
};

TEST_F(RenewFingerprints, ReplacesThemAndKeepsTracksSearchableMeanwhile) {
    library.disk.before_change = [&](const std::string&) -> std::optional<Error> {
        EXPECT_EQ(library.tracks(), whole);
        return std::nullopt;
    };
    const PassReport report = renew();
    EXPECT_FALSE(report.fatal);
    EXPECT_EQ(report.total, 3);
    EXPECT_EQ(report.done, 3);
    EXPECT_EQ(library.disk.index.compactions, 2) << "one of the ingest, one of the renewal";
    EXPECT_THAT(outdated(), IsEmpty());
    EXPECT_EQ(library.tracks(), whole);

    EXPECT_EQ(renew().total, 0);
    EXPECT_EQ(library.disk.index.compactions, 2) << "nothing was to be done";
}

TEST_F(RenewFingerprints, OthersMayWriteWhileAFileIsRead) {
    int asked = 0;
    library.before_analysis = [&](const std::string&) {
        ++asked;
        EXPECT_TRUE(lock());
    };
    EXPECT_EQ(renew().done, 3);
    EXPECT_EQ(asked, 3);
}

TEST_F(RenewFingerprints, LeavesTracksAloneThatWereRemovedOrChangedMeanwhile) {
    library.before_analysis = [&](const std::string& name) {
        // Other threads analyse and store other tracks meanwhile.
        const TrackId id = library.id_of(name);
        if (name == "1.mp3") {
            EXPECT_TRUE(library.disk.catalog.remove(id, {}));
            EXPECT_TRUE(library.disk.index.remove({&id, 1}, {}));
        } else if (name == "2.mp3") {
            auto row = library.disk.catalog.rows().at(id);
            row.file_hash_sha256 = std::string(64, '0');
            EXPECT_TRUE(library.disk.catalog.update(row, {}));
        }
    };
    renew();
    library.before_analysis = {};
    EXPECT_THAT(library.tracks(), ElementsAre("2.mp3: song 2", "3.mp3: song 3"));
    EXPECT_EQ(library.disk.index.entries().at(library.id_of("2.mp3")).params_version, kBefore);
    EXPECT_NE(library.disk.index.entries().at(library.id_of("3.mp3")).params_version, kBefore);
}

TEST_F(RenewFingerprints, AFileThatIsGoneKeepsTheFingerprintOfBefore) {
    library.remove("2.mp3");
    const PassReport report = renew();
    EXPECT_EQ(report.done, 2);
    EXPECT_THAT(report.missing_files, ElementsAre(library.path_text("2.mp3")));
    EXPECT_THAT(outdated(), ElementsAre("2.mp3"));
    EXPECT_EQ(library.tracks(), whole);
}

TEST_F(RenewFingerprints, StopsAtAnyTimeAndGoesOnFromThere) {
    int analysed = 0;
    library.before_analysis = [&](const std::string&) {
        if (++analysed == 2) library.stop.request_stop();
    };
    EXPECT_TRUE(renew().interrupted);
    EXPECT_EQ(outdated().size(), 2U);
    EXPECT_EQ(library.tracks(), whole);

    library.stop = std::stop_source();
    library.before_analysis = {};
    EXPECT_EQ(renew().done, 2);
    EXPECT_THAT(outdated(), IsEmpty());
}

TEST_F(RenewFingerprints, EndsWhenTheLockCannotBeHad) {
    const auto held = lock();
    patience = {};
    const PassReport report = renew();
    ASSERT_TRUE(report.fatal);
    EXPECT_EQ(report.fatal->kind, ErrorKind::not_available);
    EXPECT_EQ(outdated().size(), 3U);
}

}  // namespace
}  // namespace audio_ident::ingest
