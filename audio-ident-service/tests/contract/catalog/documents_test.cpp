#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "backends.hpp"
#include "catalog/file_documents.hpp"
#include "catalog/postgres_documents.hpp"
#include "catalog/postgres_job_leases.hpp"

namespace audio_ident::test {
namespace {

using catalog::Document;
using catalog::DocumentStore;
using catalog::Worth;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

constexpr auto kLong = std::chrono::seconds(60);

/// A place for documents, and the store on it.
class Place {
  public:
    virtual ~Place() = default;
    virtual std::unique_ptr<DocumentStore> open() = 0;
};

class FolderPlace final : public Place {
  public:
    std::unique_ptr<DocumentStore> open() override { return std::make_unique<catalog::FileDocuments>(folder_.path()); }

  private:
    TempFolder folder_;
};

class PostgresPlace final : public Place {
  public:
    PostgresPlace() {
        database_.open([] { return catalog::Timestamp(); }).value();
    }
    std::unique_ptr<DocumentStore> open() override { return catalog::make_postgres_documents(database_.place()); }

  private:
    PostgresDatabase database_;
};

struct Kind {
    const char* name;
    std::function<std::unique_ptr<Place>()> create;
};
void PrintTo(const Kind& kind, std::ostream* out) {
    *out << kind.name;
}

class DocumentStoreTest : public testing::TestWithParam<Kind> {
  protected:
    std::optional<std::string> find(const std::string& name) const { return documents_->find(name, deadline_).value(); }
    void put(const std::string& name, const std::string& content) {
        const auto stored = documents_->put({name, content}, Worth::unique, deadline_);
        ASSERT_TRUE(stored) << stored.error().message;
    }
    std::vector<std::string> stamps(std::vector<std::string> names) const {
        return documents_->stamps(names, deadline_).value();
    }

    std::unique_ptr<Place> place_ = GetParam().create();
    std::unique_ptr<DocumentStore> documents_ = place_->open();
    Deadline deadline_ = Deadline::after(kLong);
};

TEST_P(DocumentStoreTest, AreReplacedAsAWholeAndRemoved) {
    EXPECT_EQ(find("calibration.json"), std::nullopt);
    std::string bytes;
    for (int i = 0; i < 256; ++i) bytes += static_cast<char>(i);
    for (const std::string& content : {bytes, std::string(), std::string(100'000, 'x')}) {
        put("calibration.json", content);
        EXPECT_EQ(find("calibration.json"), content);
        EXPECT_EQ(place_->open()->find("calibration.json", deadline_).value(), content) << "another program";
    }
    EXPECT_EQ(*documents_->remove("calibration.json", deadline_), true);
    EXPECT_EQ(*documents_->remove("calibration.json", deadline_), false);
    EXPECT_EQ(find("calibration.json"), std::nullopt);
}

TEST_P(DocumentStoreTest, AreListedByFolder) {
    const std::vector<Document> documents = {
        {"jobs/b.json", "b"}, {"jobs/a.json", "a"}, {"jobs/ended/c.json", "c"}, {"jobsite", "d"}, {"e", "e"}};
    ASSERT_TRUE(documents_->put(documents, Worth::can_be_made_again, deadline_));
    const auto jobs = documents_->in_folder("jobs", deadline_).value();
    ASSERT_THAT(jobs, SizeIs(2));
    EXPECT_EQ(jobs[0].name + jobs[0].content + jobs[1].name + jobs[1].content, "jobs/a.jsonajobs/b.jsonb");
    EXPECT_THAT(documents_->names("jobs", deadline_).value(),
                ElementsAre("jobs/a.json", "jobs/b.json", "jobs/ended/c.json"));
    EXPECT_THAT(documents_->in_folder("absent", deadline_).value(), IsEmpty());
    EXPECT_THAT(documents_->names("absent", deadline_).value(), IsEmpty());
}

TEST_P(DocumentStoreTest, OfSeveralWithOneNameTheLastIsStored) {
    const std::vector<Document> documents = {{"a", "1"}, {"b", "2"}, {"a", "3"}};
    ASSERT_TRUE(documents_->put(documents, Worth::unique, deadline_));
    EXPECT_EQ(find("a"), "3");
    EXPECT_EQ(find("b"), "2");
}

TEST_P(DocumentStoreTest, StampsTellWhatOthersHaveChanged) {
    EXPECT_THAT(stamps({"a", "b"}), ElementsAre("", ""));
    put("a", "one");
    put("b", "one");
    const auto before = stamps({"a", "absent", "b"});
    EXPECT_EQ(stamps({"a", "absent", "b"}), before);
    ASSERT_TRUE(place_->open()->put({"b", "two"}, Worth::unique, deadline_));
    const auto after = stamps({"a", "absent", "b"});
    EXPECT_EQ(after[0], before[0]);
    EXPECT_EQ(after[1], "");
    EXPECT_NE(after[2], before[2]);
    ASSERT_TRUE(documents_->remove("a", deadline_));
    put("a", "one");
    EXPECT_NE(stamps({"a"})[0], before[0]) << "it was removed in between";
}

TEST_P(DocumentStoreTest, MessagesNameThePlaceWithoutSecrets) {
    EXPECT_THAT(documents_->location("calibration.json"),
                AllOf(HasSubstr("calibration.json"), Not(HasSubstr("secret"))));
}

INSTANTIATE_TEST_SUITE_P(Stores, DocumentStoreTest,
                         testing::Values(Kind{"Files", [] { return std::make_unique<FolderPlace>(); }},
                                         Kind{"Postgres", [] { return std::make_unique<PostgresPlace>(); }}),
                         [](const auto& chosen) { return chosen.param.name; });

TEST(PostgresDocuments, WithoutTablesSayWhatToRun) {
    const PostgresDatabase empty;
    const auto found =
        catalog::make_postgres_documents(empty.place())->find("calibration.json", Deadline::after(kLong));
    ASSERT_FALSE(found);
    EXPECT_EQ(found.error().kind, ErrorKind::unsupported);
    EXPECT_THAT(found.error().message, HasSubstr("audio-ident db upgrade"));
}

/// The leases of two services on one database.
class PostgresJobLeases : public testing::Test {
  protected:
    using Held = catalog::JobLeases::Held;

    PostgresJobLeases() {
        database_.open([] { return catalog::Timestamp(); }).value();
    }

    void let_leases_end() {
        PostgresServer::psql(database_.place(), "UPDATE job_leases SET held_until = now() - interval '1 second'");
    }

    PostgresDatabase database_;
    std::unique_ptr<catalog::JobLeases> first_ = catalog::make_postgres_job_leases(database_.place(), "first");
    std::unique_ptr<catalog::JobLeases> second_ = catalog::make_postgres_job_leases(database_.place(), "second");
    Uuid job_ = Uuid::random();
    Deadline deadline_ = Deadline::after(kLong);
};

TEST_F(PostgresJobLeases, OneServiceHasAJobUntilItGivesItBack) {
    EXPECT_EQ(*first_->take(job_, deadline_), true);
    EXPECT_EQ(*first_->take(job_, deadline_), true) << "it has it";
    EXPECT_EQ(*second_->take(job_, deadline_), false);
    EXPECT_EQ(*second_->renew(job_, deadline_), Held::no);
    ASSERT_TRUE(second_->release(job_, deadline_));
    EXPECT_EQ(*first_->renew(job_, deadline_), Held::yes) << "another one cannot give it back";
    ASSERT_TRUE(first_->release(job_, deadline_));
    EXPECT_EQ(*first_->renew(job_, deadline_), Held::no);
    EXPECT_EQ(*second_->take(job_, deadline_), true);
}

TEST_F(PostgresJobLeases, ALeaseEndsAndCanBeTakenOrRenewedThen) {
    EXPECT_EQ(*first_->take(job_, deadline_), true);
    let_leases_end();
    EXPECT_EQ(*first_->renew(job_, deadline_), Held::yes) << "nobody was faster";
    let_leases_end();
    EXPECT_EQ(*second_->take(job_, deadline_), true);
    EXPECT_EQ(*first_->renew(job_, deadline_), Held::no);
    EXPECT_EQ(*first_->take(job_, deadline_), false);
}

TEST_F(PostgresJobLeases, TheHolderHearsThatTheJobShouldEnd) {
    EXPECT_EQ(*second_->cancel(job_, deadline_), false) << "nobody has it";
    EXPECT_EQ(*first_->take(job_, deadline_), true);
    EXPECT_EQ(*second_->cancel(job_, deadline_), true);
    EXPECT_EQ(*first_->renew(job_, deadline_), Held::cancelled);
    let_leases_end();
    EXPECT_EQ(*second_->cancel(job_, deadline_), false) << "the holder may be dead";
    EXPECT_EQ(*second_->take(job_, deadline_), true);
    EXPECT_EQ(*second_->renew(job_, deadline_), Held::cancelled) << "so the next one hears it";
}

}  // namespace
}  // namespace audio_ident::test
