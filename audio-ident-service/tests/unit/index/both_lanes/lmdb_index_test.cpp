#include "index/both_lanes/lmdb_index.hpp"

#include <csignal>
#include <functional>
#include <gmock/gmock.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "index/fingerprint/records.hpp"
#include "index/lmdb/lmdb_maps.hpp"
#include "support/child.hpp"
#include "support/executor.hpp"
#include "support/files.hpp"
#include "support/fingerprint_model.hpp"
#include "support/fingerprints.hpp"
#include "support/temp_folder.hpp"

namespace audio_ident::index {
namespace {

using lmdb::Access;
using test::numbered_id;
using test::random_fingerprint;
using testing::HasSubstr;

class LmdbIndexTest : public testing::Test {
  protected:
    static std::filesystem::path data(const std::filesystem::path& folder) { return folder / "data.mdb"; }

    std::unique_ptr<LmdbIndex> open(Access access = Access::read_write) {
        auto index = LmdbIndex::open(folder_.path(), access, test::executor());
        if (!index) throw std::runtime_error(index.error().message);
        return std::move(*index);
    }
    Error error_of(Access access) { return error_of(folder_.path(), access); }
    static Error error_of(const std::filesystem::path& folder, Access access) {
        auto index = LmdbIndex::open(folder, access, test::executor());
        return index ? Error{ErrorKind::internal, "none"} : index.error();
    }
    static Result<void> add(LmdbIndex& index, std::uint32_t first, std::uint32_t end, std::uint32_t frames = 500) {
        std::vector<TrackFingerprint> tracks;
        for (std::uint32_t i = first; i < end; ++i) tracks.push_back({numbered_id(i), random_fingerprint(i, frames)});
        return index.writer().add(tracks, Deadline());
    }
    void expect_tracks(std::uint32_t end, std::uint32_t frames = 500) {
        test::FingerprintModel model;
        for (std::uint32_t i = 0; i < end; ++i) model.add(numbered_id(i), random_fingerprint(i, frames));
        const auto index = open(Access::read_only);
        const auto snapshot = index->reader().snapshot(Deadline());
        ASSERT_TRUE(snapshot) << snapshot.error().message;
        model.expect_same(**snapshot, 1);
    }
    void rewrite_meta(const std::function<void(MetaRecord&)>& change) {
        const lmdb::Environment environment(folder_.path(), Access::read_write, kTables);
        lmdb::Transaction transaction(environment, Access::read_write);
        const Tables tables(transaction, lmdb::IfMissing::refuse);
        LmdbMaps maps(transaction, tables);
        auto meta = read_meta(maps).value();
        change(meta);
        write_meta(maps, meta);
        transaction.commit();
    }

    test::TempFolder folder_;
};

TEST_F(LmdbIndexTest, RefusesAnotherVersionWithASentenceThatSaysWhatToRun) {
    ASSERT_TRUE(add(*open(), 0, 2));
    struct Case {
        std::uint32_t format;
        std::uint32_t params;
        bool newer;
    };
    constexpr std::uint32_t kParams = fingerprint::Params::kVersion;
    for (const Case& c :
         {Case{kFormatVersion + 1, kParams, true}, Case{kOldestFormatVersion - 1, kParams, false},
          Case{kFormatVersion, kParams + 1, true}, Case{kFormatVersion, kOldestParamsVersion - 1, false}}) {
        rewrite_meta([&](MetaRecord& meta) {
            meta.format_version = c.format;
            meta.params_version = c.params;
        });
        for (const Access access : {Access::read_only, Access::read_write}) {
            const Error error = error_of(access);
            EXPECT_EQ(error.kind, ErrorKind::unsupported) << error.message;
            EXPECT_THAT(error.message, HasSubstr(folder_.path().string()));
            EXPECT_THAT(error.message, HasSubstr("`audio-ident rebuild-index`"));
            EXPECT_EQ(error.message.find("newer audio-ident") != std::string::npos, c.newer) << error.message;
        }
        // By hand, as the table's record of another format may have another size.
        const lmdb::Environment environment(folder_.path(), Access::read_write, kTables);
        lmdb::Transaction transaction(environment, Access::read_write);
        const Tables tables(transaction, lmdb::IfMissing::refuse);
        LmdbMaps maps(transaction, tables);
        write_meta(maps, {.next_track = 2, .next_segment = 1, .merge_target = MetaRecord::kNoMerge});
        transaction.commit();
    }
    expect_tracks(2);
}

TEST_F(LmdbIndexTest, GoesOnWithTracksOfAnEarlierVersion) {
    ASSERT_TRUE(add(*open(), 0, 4));
    // As the program before wrote it: the last number was reserved.
    rewrite_meta([&](MetaRecord& meta) {
        meta.format_version = kOldestFormatVersion;
        meta.params_version = kOldestParamsVersion;
        meta.first_current = 0;
    });
    const auto outdated = [&] {
        const auto index = open();
        const auto tracks = index->writer().outdated(Deadline()).value();
        EXPECT_EQ(tracks.size(), index->reader().snapshot(Deadline()).value()->stats().outdated);
        return tracks;
    };
    expect_tracks(4);
    EXPECT_THAT(outdated(), testing::ElementsAre(numbered_id(0), numbered_id(1), numbered_id(2), numbered_id(3)));

    // A track that is added again is up to date. The others are found as before, after merges too.
    ASSERT_TRUE(add(*open(), 1, 3));
    EXPECT_THAT(outdated(), testing::ElementsAre(numbered_id(0), numbered_id(3)));
    const auto version = [&](std::uint32_t number) {
        return open()->writer().find(numbered_id(number), Deadline()).value()->params_version;
    };
    EXPECT_EQ(version(0), kOldestParamsVersion);
    EXPECT_EQ(version(1), fingerprint::Params::kVersion);
    ASSERT_TRUE(add(*open(), 4, 5));
    ASSERT_TRUE(open()->writer().compact(Deadline()));
    expect_tracks(5);
    EXPECT_THAT(outdated(), testing::ElementsAre(numbered_id(0), numbered_id(3)));
    ASSERT_TRUE(open()->writer().remove(std::vector{numbered_id(0)}, Deadline()));
    ASSERT_TRUE(add(*open(), 3, 4));
    EXPECT_THAT(outdated(), testing::IsEmpty());
}

TEST_F(LmdbIndexTest, NoticesAnotherVersionWhileItIsOpen) {
    ASSERT_TRUE(add(*open(), 0, 2));
    const auto index = open();
    ASSERT_TRUE(index->reader().snapshot(Deadline()));
    EXPECT_EQ(test::in_child([&] {
                  rewrite_meta([](MetaRecord& meta) { ++meta.format_version; });
                  return std::string("written");
              }),
              "written");
    EXPECT_EQ(index->reader().snapshot(Deadline()).error().kind, ErrorKind::unsupported);
    EXPECT_EQ(add(*index, 2, 3).error().kind, ErrorKind::unsupported);
    EXPECT_EQ(index->writer().clear(Deadline()).error().kind, ErrorKind::unsupported);
}

TEST_F(LmdbIndexTest, SaysThatThereIsNone) {
    const auto expect_none = [&](const std::filesystem::path& folder) {
        const Error error = error_of(folder, Access::read_only);
        EXPECT_EQ(error.kind, ErrorKind::not_available) << error.message;
        EXPECT_THAT(error.message, HasSubstr("audio-ident ingest"));
    };
    expect_none(folder_ / "missing");
    EXPECT_FALSE(std::filesystem::exists(folder_ / "missing"));
    expect_none(folder_.path());
    // A first writer that died before its first commit leaves these.
    test::write_file(data(folder_.path()), "");
    expect_none(folder_.path());
    { const lmdb::Environment environment(folder_.path(), Access::read_write, kTables); }
    expect_none(folder_.path());
    std::filesystem::resize_file(data(folder_.path()), 4096);  // half of what LMDB begins with
    expect_none(folder_.path());
    ASSERT_TRUE(add(*open(), 0, 2));
    expect_tracks(2);
}

TEST_F(LmdbIndexTest, MakesTheFolderAndThoseAboveIt) {
    const auto index = LmdbIndex::open(folder_ / "a" / "b", Access::read_write, test::executor());
    ASSERT_TRUE(index) << index.error().message;
    EXPECT_TRUE(std::filesystem::exists(data(folder_ / "a" / "b")));
}

TEST_F(LmdbIndexTest, RefusesAFileInPlaceOfItsFolder) {
    test::write_file(folder_ / "file", "text");
    for (const auto& path : {folder_ / "file", folder_ / "file" / "below"}) {
        for (const Access access : {Access::read_only, Access::read_write}) {
            const Error error = error_of(path, access);
            EXPECT_EQ(error.kind, ErrorKind::not_available) << error.message;
            EXPECT_THAT(error.message, HasSubstr(path.string()));
        }
    }
}

TEST_F(LmdbIndexTest, RefusesAFileThatIsNoneOfLmdb) {
    test::Random random(1);
    std::string noise(100000, '\0');
    for (char& c : noise) c = static_cast<char>(random.next());
    for (const std::string& content : {std::string("x"), std::string(100, 'x'), std::string(100000, '\0'), noise}) {
        test::write_file(data(folder_.path()), content);
        for (const Access access : {Access::read_only, Access::read_write}) {
            const Error error = error_of(access);
            EXPECT_EQ(error.kind, ErrorKind::corrupt) << error.message;
            EXPECT_THAT(error.message, HasSubstr("`audio-ident rebuild-index`"));
        }
        EXPECT_EQ(std::filesystem::file_size(data(folder_.path())), content.size());
    }
}

TEST_F(LmdbIndexTest, RefusesAFileThatWasCutOff) {
    ASSERT_TRUE(add(*open(), 0, 20));
    const test::Bytes whole = test::read_file(data(folder_.path()));
    for (std::size_t size = 1; size < whole.size(); size += whole.size() / 40) {
        test::write_file(data(folder_.path()), std::span(whole).first(size));
        for (const Access access : {Access::read_only, Access::read_write}) {
            const Error error = error_of(access);
            EXPECT_EQ(error.kind, ErrorKind::corrupt) << size << ": " << error.message;
        }
    }
    test::write_file(data(folder_.path()), whole);
    expect_tracks(20);
}

// Runs `body` as a user who may not write the test's folders.
std::string as_nobody(const std::function<std::string()>& body) {
    return test::in_child([&]() -> std::string {
        if (::geteuid() == 0 && (::setgid(65534) != 0 || ::setuid(65534) != 0)) return "cannot drop privileges";
        return body();
    });
}

TEST_F(LmdbIndexTest, ReadsAFolderThatItMayNotWrite) {
    ASSERT_TRUE(add(*open(), 0, 3));
    ::chmod(folder_.path().c_str(), 0555);
    ::chmod(data(folder_.path()).c_str(), 0444);
    ::chmod((folder_ / "lock.mdb").c_str(), 0444);
    EXPECT_EQ(as_nobody([&]() -> std::string {
                  auto index = LmdbIndex::open(folder_.path(), Access::read_only, test::executor());
                  if (!index) return index.error().message;
                  const auto snapshot = (*index)->reader().snapshot(Deadline());
                  if (!snapshot) return snapshot.error().message;
                  return std::to_string((*snapshot)->stats().tracks);
              }),
              "3");
    const std::string refused = as_nobody([&] {
        const Error error = error_of(Access::read_write);
        return std::string(to_string(error.kind)) + ": " + error.message;
    });
    EXPECT_THAT(refused, HasSubstr(std::string(to_string(ErrorKind::not_available)) + ": "));
    EXPECT_THAT(refused, HasSubstr(folder_.path().string()));
    EXPECT_THAT(refused, HasSubstr("Permission denied"));
    ::chmod(folder_.path().c_str(), 0700);
    for (const Access access : {Access::read_only, Access::read_write}) {
        const std::string hidden = as_nobody([&] {
            const Error error = error_of(access);
            return std::string(to_string(error.kind)) + ": " + error.message;
        });
        EXPECT_THAT(hidden, HasSubstr(std::string(to_string(ErrorKind::not_available)) + ": "));
        EXPECT_THAT(hidden, HasSubstr("Permission denied"));
    }
}

TEST_F(LmdbIndexTest, AFullDiskLosesNothing) {
    constexpr std::uint32_t kFrames = 4000;
    ASSERT_TRUE(add(*open(), 0, 1, kFrames));
    test::Random random(1);
    std::uint32_t next = 1;
    for (int round = 0; round < 5; ++round) {
        const auto room =
            static_cast<rlim_t>(std::filesystem::file_size(data(folder_.path())) + random.next() % 150000);
        test::Child child([&](const auto& say) {
            ::signal(SIGXFSZ, SIG_IGN);
            const auto index = open();
            rlimit limit{};
            ::getrlimit(RLIMIT_FSIZE, &limit);
            limit.rlim_cur = room;
            ::setrlimit(RLIMIT_FSIZE, &limit);
            for (std::uint32_t i = next;; ++i) {
                const auto added = add(*index, i, i + 1, kFrames);
                say(added ? "added" : std::string(to_string(added.error().kind)) + ": " + added.error().message);
                if (added) continue;
                // A failed call has changed nothing, and everything works again when there is space.
                const auto there = index->writer().contains(numbered_id(i), Deadline());
                say(there && !*there ? "absent" : "there");
                limit.rlim_cur = limit.rlim_max;
                ::setrlimit(RLIMIT_FSIZE, &limit);
                const auto again = add(*index, i, i + 1, kFrames);
                say(again ? "added" : again.error().message);
                return;
            }
        });
        std::string line = child.line();
        for (; line == "added"; line = child.line()) ++next;
        EXPECT_THAT(line, HasSubstr(std::string(to_string(ErrorKind::not_available)) + ": fingerprint index "));
        EXPECT_THAT(line, HasSubstr("free space"));
        EXPECT_EQ(child.line(), "absent");
        EXPECT_EQ(child.line(), "added");
        ++next;
        expect_tracks(next, kFrames);
        if (HasFailure()) FAIL() << "round " << round << ", " << next << " tracks";
    }
}

TEST_F(LmdbIndexTest, CompactingOnAFullDiskLosesNothing) {
    {
        const auto index = open();
        for (std::uint32_t i = 0; i < 3; ++i) ASSERT_TRUE(add(*index, i * 10, i * 10 + 10, 1500));
    }
    EXPECT_THAT(test::in_child([&]() -> std::string {
                    ::signal(SIGXFSZ, SIG_IGN);
                    const auto index = open();
                    rlimit limit{};
                    ::getrlimit(RLIMIT_FSIZE, &limit);
                    limit.rlim_cur = static_cast<rlim_t>(std::filesystem::file_size(data(folder_.path())));
                    ::setrlimit(RLIMIT_FSIZE, &limit);
                    const auto done = index->writer().compact(Deadline());
                    return done ? "done" : done.error().message;
                }),
                HasSubstr("free space"));
    expect_tracks(30, 1500);
    ASSERT_TRUE(open()->writer().compact(Deadline()));
    expect_tracks(30, 1500);
}

TEST_F(LmdbIndexTest, GrowsLittleMoreThanItsTracksNeed) {
    constexpr std::uint32_t kTracks = 48;
    constexpr std::uint32_t kFrames = 11000;
    const test::TempFolder at_once;
    {
        auto index = LmdbIndex::open(at_once.path(), Access::read_write, test::executor());
        ASSERT_TRUE(index);
        ASSERT_TRUE(add(**index, 0, kTracks, kFrames));
    }
    {
        const auto index = open();
        for (std::uint32_t i = 0; i < kTracks; ++i) ASSERT_TRUE(add(*index, i, i + 1, kFrames));
        ASSERT_TRUE(index->writer().compact(Deadline()));
    }
    const auto needed = double(std::filesystem::file_size(data(at_once.path())));
    const auto taken = double(std::filesystem::file_size(data(folder_.path())));
    RecordProperty("growth", std::to_string(taken / needed));
    EXPECT_LE(taken, 1.5 * needed);
    // Replacing every track takes the place of what was replaced.
    {
        const auto index = open();
        for (std::uint32_t i = 0; i < kTracks; i += 4) ASSERT_TRUE(add(*index, i, i + 4, kFrames));
        ASSERT_TRUE(index->writer().compact(Deadline()));
    }
    const auto after = double(std::filesystem::file_size(data(folder_.path())));
    RecordProperty("growth_after_replacing", std::to_string(after / needed));
    EXPECT_LE(after, 2.5 * needed);
}

TEST_F(LmdbIndexTest, ASecondWriterWaitsForTheFirst) {
    const auto index = open();
    test::Child other([&](const auto& say) {
        const lmdb::Environment environment(folder_.path(), Access::read_write, kTables);
        const lmdb::Transaction transaction(environment, Access::read_write);
        say("writing");
        ::usleep(200000);
    });
    ASSERT_EQ(other.line(), "writing");
    const std::vector<TrackFingerprint> one = {{numbered_id(1), random_fingerprint(1, 100)}};
    const auto late = index->writer().add(one, Deadline::after(std::chrono::milliseconds(20)));
    ASSERT_FALSE(late);
    EXPECT_EQ(late.error().kind, ErrorKind::timeout);
    EXPECT_FALSE(*index->writer().contains(numbered_id(1), Deadline()));
    EXPECT_TRUE(index->writer().add(one, Deadline::after(std::chrono::seconds(60))));
}

}  // namespace
}  // namespace audio_ident::index
