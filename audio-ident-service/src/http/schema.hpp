#pragma once

#include <boost/core/demangle.hpp>
#include <boost/describe.hpp>
#include <boost/json/object.hpp>
#include <boost/mp11/algorithm.hpp>
#include <charconv>
#include <cmath>
#include <functional>
#include <initializer_list>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <typeinfo>
#include <vector>

#include "core/result.hpp"
#include "http/message.hpp"

// JSON Schema (2020-12, as OpenAPI 3.1 uses it) of described types, and described structs from text fields, checked by
// the same constraints.

namespace audio_ident::http {

/// What JSON Schema says about a member beyond its type: format, minimum, maxLength, description. Keys: "Type.member".
using Constraints = std::map<std::string, boost::json::object, std::less<>>;

/// Of one member; empty when there are none.
const boost::json::object& constraints_of(const Constraints& constraints, std::string_view type_and_member);

Unexpected invalid_field(std::string_view field, std::string problem);
/// Check a text or a number against the constraints of its member.
Result<void> check_text(std::string_view field, std::string_view text, const boost::json::object& constraints);
Result<void> check_number(std::string_view field, std::int64_t number, const boost::json::object& constraints);
Result<void> check_number(std::string_view field, double number, const boost::json::object& constraints);

namespace detail {

template <typename T>
struct OptionalOf : std::false_type {};
template <typename T>
struct OptionalOf<std::optional<T>> : std::true_type {
    using Value = T;
};
template <typename T>
struct VectorOf : std::false_type {};
template <typename T>
struct VectorOf<std::vector<T>> : std::true_type {
    using Value = T;
};

template <typename T>
using Members = boost::describe::describe_members<T, boost::describe::mod_public>;
template <typename T, typename Member>
using MemberOf = std::remove_cvref_t<decltype(std::declval<T>().*Member::pointer)>;
template <typename T>
struct WithoutOptionalOf {
    using Value = T;
};
template <typename T>
struct WithoutOptionalOf<std::optional<T>> {
    using Value = T;
};
template <typename T>
using WithoutOptional = typename WithoutOptionalOf<T>::Value;

}  // namespace detail

/// "TrackInfo".
template <typename T>
std::string type_name() {
    const std::string full = boost::core::demangle(typeid(T).name());
    return full.substr(full.rfind(':') + 1);
}

template <typename Enum>
boost::json::array names_of() {
    boost::json::array names;
    boost::mp11::mp_for_each<boost::describe::describe_enumerators<Enum>>([&](auto e) { names.emplace_back(e.name); });
    return names;
}

/// Collects the schemas of described types.
struct SchemaWriter {
    const Constraints& constraints;
    boost::json::object& components;  ///< by name of the type

    template <typename T>
    boost::json::object object_schema();
    /// The same of a T that comes as a form or a query, in which a field may be absent but is never null.
    template <typename T>
    boost::json::object fields_schema(std::initializer_list<std::string_view> required = {});
    /// The schema of a T. Described structs and enums go into `components` and are referred to.
    template <typename T>
    boost::json::object schema_of();

  private:
    template <typename T, typename Value>
    boost::json::object member_schema(std::string_view name);
};

template <typename T>
boost::json::object SchemaWriter::schema_of() {
    if constexpr (std::is_same_v<T, bool>) {
        return {{"type", "boolean"}};
    } else if constexpr (std::is_same_v<T, std::string>) {
        return {{"type", "string"}};
    } else if constexpr (std::is_integral_v<T>) {
        return {{"type", "integer"}};
    } else if constexpr (std::is_floating_point_v<T>) {
        return {{"type", "number"}};
    } else if constexpr (std::is_enum_v<T>) {
        components[type_name<T>()] = boost::json::object{{"type", "string"}, {"enum", names_of<T>()}};
        return {{"$ref", "#/components/schemas/" + type_name<T>()}};
    } else if constexpr (detail::OptionalOf<T>::value) {
        return {{"anyOf", boost::json::array{schema_of<typename detail::OptionalOf<T>::Value>(),
                                             boost::json::object{{"type", "null"}}}}};
    } else if constexpr (detail::VectorOf<T>::value) {
        return {{"type", "array"}, {"items", schema_of<typename detail::VectorOf<T>::Value>()}};
    } else {
        components[type_name<T>()] = object_schema<T>();
        return {{"$ref", "#/components/schemas/" + type_name<T>()}};
    }
}

template <typename T>
boost::json::object SchemaWriter::object_schema() {
    boost::json::object properties;
    boost::json::array required;
    boost::mp11::mp_for_each<detail::Members<T>>([&](auto member) {
        properties[member.name] = this->template member_schema<T, detail::MemberOf<T, decltype(member)>>(member.name);
        required.emplace_back(member.name);
    });
    return {{"type", "object"}, {"properties", std::move(properties)}, {"required", std::move(required)}};
}

template <typename T>
boost::json::object SchemaWriter::fields_schema(std::initializer_list<std::string_view> required) {
    boost::json::object properties;
    boost::mp11::mp_for_each<detail::Members<T>>([&](auto member) {
        using Value = detail::WithoutOptional<detail::MemberOf<T, decltype(member)>>;
        properties[member.name] = this->template member_schema<T, Value>(member.name);
    });
    boost::json::object schema = {{"type", "object"}, {"properties", std::move(properties)}};
    if (required.size() > 0) schema["required"] = boost::json::array(required.begin(), required.end());
    return schema;
}

template <typename T, typename Value>
boost::json::object SchemaWriter::member_schema(std::string_view name) {
    auto schema = schema_of<Value>();
    for (const auto& [key, value] : constraints_of(constraints, fmt::format("{}.{}", type_name<T>(), name)))
        schema[key] = value;
    return schema;
}

namespace detail {

template <typename T>
Result<T> value_from_text(std::string_view field, const std::string& text, const boost::json::object& constraints) {
    if constexpr (OptionalOf<T>::value) {
        auto value = value_from_text<typename OptionalOf<T>::Value>(field, text, constraints);
        if (!value) return forward(value);
        return T(std::move(*value));
    } else if constexpr (std::is_same_v<T, std::string>) {
        if (auto good = check_text(field, text, constraints); !good) return forward(good);
        return text;
    } else if constexpr (std::is_same_v<T, bool>) {
        if (text == "true" || text == "false") return text == "true";
        return invalid_field(field, "must be true or false");
    } else if constexpr (std::is_integral_v<T>) {
        T number = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
        if (error != std::errc() || end != text.data() + text.size()) return invalid_field(field, "must be an integer");
        if (auto good = check_number(field, number, constraints); !good) return forward(good);
        return number;
    } else if constexpr (std::is_floating_point_v<T>) {
        T number = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
        if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(number))
            return invalid_field(field, "must be a number");
        if (auto good = check_number(field, number, constraints); !good) return forward(good);
        return number;
    } else {
        static_assert(std::is_enum_v<T>);
        std::optional<T> found;
        std::string allowed;
        boost::mp11::mp_for_each<boost::describe::describe_enumerators<T>>([&](auto e) {
            if (text == e.name) found = e.value;
            allowed += std::string(allowed.empty() ? "" : ", ") + e.name;
        });
        if (!found) return invalid_field(field, "must be one of " + allowed);
        return *found;
    }
}

}  // namespace detail

/// A T from the fields of a form or a query. Absent fields keep their defaults; fields that T does not have are
/// ignored. Fails with invalid_input, which names the field that is wrong or was given twice.
template <typename T>
Result<T> parse_fields(const Fields& fields, const Constraints& constraints) {
    T object;
    Result<void> outcome;
    boost::mp11::mp_for_each<detail::Members<T>>([&](auto member) {
        const std::string* text = nullptr;
        for (const auto& [name, value] : fields) {
            if (name != member.name || !outcome) continue;
            if (text) outcome = invalid_field(member.name, "was given twice");
            text = &value;
        }
        if (!text || !outcome) return;
        using Value = std::remove_cvref_t<decltype(object.*member.pointer)>;
        auto value = detail::value_from_text<Value>(member.name, *text,
                                                    constraints_of(constraints, type_name<T>() + "." + member.name));
        if (value) object.*member.pointer = std::move(*value);
        else outcome = forward(value);
    });
    if (!outcome) return forward(outcome);
    return object;
}

}  // namespace audio_ident::http
