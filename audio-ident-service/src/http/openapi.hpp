#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>

#include "http/route.hpp"
#include "http/schema.hpp"

namespace audio_ident::http {

/// Writes an operation of the OpenAPI document; Route::describe uses it.
class Operation {
  public:
    Operation(boost::json::object& operation, boost::json::object& components)
        : operation_(operation), components_(components) {}

    Operation& summary(std::string_view id, std::string_view text);
    /// The path's {id}, a UUID.
    Operation& id(std::string_view of_what);
    /// The members of T are query parameters, none of them required.
    template <typename T>
    Operation& query() {
        const auto schema = object_schema<T>(components_);
        for (const auto& [name, property] : schema.at("properties").as_object()) add_query(name, property.as_object());
        return *this;
    }
    enum class File { required, optional };
    /// A form: the members of T, none of them required, and the file "audio".
    template <typename T>
    Operation& form(File file) {
        auto schema = object_schema<T>(components_);
        schema.erase("required");
        add_form(std::move(schema), file);
        return *this;
    }
    Operation& header(std::string_view name, std::string_view description);

    template <typename T>
    Operation& answers(unsigned status, std::string_view description) {
        return answers(status, description, "application/json", schema_of<T>(components_));
    }
    Operation& answers(unsigned status, std::string_view description, std::string_view media_type,
                       boost::json::object schema);
    /// Without a body.
    Operation& answers(unsigned status, std::string_view description);
    /// Errors, in the envelope; they are in components/responses. An answer that is described already stays.
    Operation& fails(std::initializer_list<unsigned> statuses);
    /// Needs the key, where one is set.
    Operation& writes();

  private:
    boost::json::object& part(std::string_view name);
    void add_query(std::string_view name, boost::json::object schema);
    void add_form(boost::json::object schema, File file);
    void add_parameter(boost::json::object parameter);

    boost::json::object& operation_;
    boost::json::object& components_;
};

/// The OpenAPI 3.1 document of these routes.
boost::json::object openapi_document(std::span<const Route> routes, std::string_view version);

}  // namespace audio_ident::http
