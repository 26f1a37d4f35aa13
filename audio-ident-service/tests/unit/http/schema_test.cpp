#include "http/schema.hpp"

#include <gtest/gtest.h>

namespace audio_ident::http {
namespace {

enum class Colour { red, green };
BOOST_DESCRIBE_ENUM(Colour, red, green)

struct Owner {
    std::optional<std::string> name;
};
BOOST_DESCRIBE_STRUCT(Owner, (), (name))

struct Thing {
    std::string title;
    std::int64_t size = 3;
    double weight = 0;
    bool fragile = false;
    Colour colour = Colour::red;
    Owner owner;
    std::vector<std::string> tags;
};
BOOST_DESCRIBE_STRUCT(Thing, (), (title, size, weight, fragile, colour, owner, tags))

struct ThingForm {
    std::string title;
    std::int64_t size = 3;
    std::optional<double> weight;
    bool fragile = false;
    Colour colour = Colour::red;
};
BOOST_DESCRIBE_STRUCT(ThingForm, (), (title, size, weight, fragile, colour))

const Constraints kConstraints = {{"Thing.size", {{"minimum", 1}, {"maximum", 9}}},
                                  {"ThingForm.size", {{"minimum", 1}, {"maximum", 9}}},
                                  {"ThingForm.title", {{"minLength", 1}, {"maxLength", 5}}}};

TEST(Schema, FollowsTheType) {
    boost::json::object components;
    EXPECT_EQ((SchemaWriter{kConstraints, components}.schema_of<Thing>().at("$ref")), "#/components/schemas/Thing");
    const auto& thing = components.at("Thing").as_object();
    const auto& properties = thing.at("properties").as_object();
    EXPECT_EQ(thing.at("required").as_array().size(), 7U);
    EXPECT_EQ(properties.at("size"), (boost::json::object{{"type", "integer"}, {"minimum", 1}, {"maximum", 9}}));
    EXPECT_EQ(properties.at("weight").at("type"), "number");
    EXPECT_EQ(properties.at("fragile").at("type"), "boolean");
    EXPECT_EQ(properties.at("owner").at("$ref"), "#/components/schemas/Owner");
    EXPECT_EQ(properties.at("tags").at("items").at("type"), "string");
    EXPECT_EQ(components.at("Colour").at("enum"), (boost::json::array{"red", "green"}));
    EXPECT_EQ(components.at("Owner").at("properties").at("name").at("anyOf").as_array().size(), 2U);
}

std::string problem_of(const Fields& fields) {
    const auto form = parse_fields<ThingForm>(fields, kConstraints);
    return form ? "none" : form.error().message;
}

TEST(Fields, BecomeAStruct) {
    const auto form = parse_fields<ThingForm>(
        {{"title", "box"}, {"weight", "1.5"}, {"fragile", "true"}, {"colour", "green"}, {"other", "x"}}, kConstraints);
    ASSERT_TRUE(form);
    EXPECT_EQ(form->title, "box");
    EXPECT_EQ(form->size, 3);
    EXPECT_EQ(form->weight, 1.5);
    EXPECT_TRUE(form->fragile);
    EXPECT_EQ(form->colour, Colour::green);
}

TEST(Fields, NameTheOneThatIsWrong) {
    EXPECT_EQ(problem_of({{"title", ""}}), "title must not be empty");
    EXPECT_EQ(problem_of({{"title", "too long"}}), "title must have at most 5 characters");
    EXPECT_EQ(problem_of({{"title", "\xFF"}}), "title must be UTF-8");
    EXPECT_EQ(problem_of({{"size", "10"}}), "size must be from 1 to 9");
    EXPECT_EQ(problem_of({{"size", "1x"}}), "size must be an integer");
    EXPECT_EQ(problem_of({{"weight", "nan"}}), "weight must be a number");
    EXPECT_EQ(problem_of({{"fragile", "1"}}), "fragile must be true or false");
    EXPECT_EQ(problem_of({{"colour", "blue"}}), "colour must be one of red, green");
    EXPECT_EQ(problem_of({{"size", "1"}, {"size", "1"}}), "size was given twice");
    EXPECT_EQ(parse_fields<ThingForm>({{"size", "x"}}, kConstraints).error().kind, ErrorKind::invalid_input);
}

}  // namespace
}  // namespace audio_ident::http
