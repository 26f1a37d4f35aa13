#include "app/service_name.hpp"

#include <gtest/gtest.h>
#include <optional>

#include "support/files.hpp"
#include "support/temp_folder.hpp"

namespace audio_ident::app {
namespace {

Uuid id_of(const test::TempFolder& folder) {
    return ServiceName::take(folder.path()).id();
}

TEST(ServiceName, IsTheSameAfterARestart) {
    const test::TempFolder folder;
    const test::TempFolder other;
    const auto id = id_of(folder);
    EXPECT_EQ(id_of(folder), id);
    EXPECT_NE(id_of(other), id);
}

TEST(ServiceName, EachOfSeveralOnOneFolderHasItsOwn) {
    const test::TempFolder folder;
    std::optional<ServiceName> first = ServiceName::take(folder.path());
    const auto second = ServiceName::take(folder.path());
    const auto id = first->id();
    EXPECT_NE(second.id(), id);
    EXPECT_NE(id_of(folder), id);
    EXPECT_NE(id_of(folder), second.id());
    first.reset();
    EXPECT_EQ(id_of(folder), id) << "the next one has it again";
}

TEST(ServiceName, IsAlsoThereWithoutAFolder) {
    const test::TempFolder folder;
    EXPECT_NE(ServiceName::take(folder / "missing").id(), Uuid());
}

TEST(ServiceName, ADamagedFileIsWrittenAnew) {
    const test::TempFolder folder;
    test::write_file(folder / "service-id", "not a name\n");
    const auto id = id_of(folder);
    EXPECT_NE(id, Uuid());
    EXPECT_EQ(id_of(folder), id);
}

}  // namespace
}  // namespace audio_ident::app
