#include "api/constraints.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/ingest_types.hpp"
#include "api/search_forms.hpp"
#include "api/track_types.hpp"

namespace audio_ident::api {
namespace {

using ::testing::HasSubstr;

TEST(Fields, AreCheckedByTheirDescription) {
    const auto form = read_fields<wire::SearchForm>({{"mode", "exact"}, {"max_results", "50"}, {"other", "x"}});
    ASSERT_TRUE(form);
    EXPECT_EQ(form->mode, wire::SearchMode::exact);
    EXPECT_EQ(form->max_results, 50);
    EXPECT_EQ(read_fields<wire::SearchForm>({})->mode, wire::SearchMode::both);
    EXPECT_FALSE(read_fields<wire::SearchForm>({})->diverse);
    EXPECT_TRUE(read_fields<wire::SearchForm>({{"diverse", "true"}})->diverse);
    EXPECT_FALSE(read_fields<wire::SearchForm>({{"diverse", "false"}})->diverse);

    const auto problem = [](http::Fields fields) { return read_fields<wire::SearchForm>(fields).error().message; };
    EXPECT_EQ(problem({{"mode", "loud"}}), "mode must be one of exact, vibe, both");
    EXPECT_EQ(problem({{"max_results", "51"}}), "max_results must be from 1 to 50");
    EXPECT_EQ(problem({{"max_results", "1.5"}}), "max_results must be an integer");
    EXPECT_EQ(problem({{"max_results", ""}}), "max_results must be an integer");
    EXPECT_EQ(problem({{"diverse", "1"}}), "diverse must be true or false");
    EXPECT_EQ(problem({{"mode", "vibe"}, {"mode", "exact"}}), "mode was given twice");
    EXPECT_EQ(read_fields<wire::SearchForm>({{"mode", ""}}).error().kind, ErrorKind::invalid_input);
    EXPECT_THAT(read_fields<wire::TracksQuery>({{"search", std::string(501, 'x')}}).error().message, HasSubstr("500"));
    EXPECT_TRUE(read_fields<wire::TracksQuery>({{"search", std::string(500, 'x')}}));
    EXPECT_FALSE(read_fields<wire::IngestForm>({{"directory", ""}}));
}

TEST(Constraints, ShowInTheSchema) {
    boost::json::object components;
    http::SchemaWriter{constraints(), components}.schema_of<wire::ExactMatch>();
    const auto& match = components.at("ExactMatch").as_object();
    EXPECT_EQ(match.at("properties").at("confidence").at("maximum").to_number<int>(), 1);
    EXPECT_EQ(components.at("TrackInfo").at("properties").at("id").at("format").as_string(), "uuid");
}

}  // namespace
}  // namespace audio_ident::api
