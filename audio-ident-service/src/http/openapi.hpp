#pragma once

#include <boost/json/object.hpp>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "http/error_mapping.hpp"
#include "http/route.hpp"
#include "http/schema.hpp"

namespace audio_ident::http {

/// Describes one operation of the OpenAPI document; Route::describe fills it.
class Operation {
  public:
    Operation(boost::json::object& operation, SchemaWriter schemas) : operation_(operation), schemas_(schemas) {}

    Operation& summary(std::string_view id, std::string_view text);
    /// The path's {id}, a UUID.
    Operation& id(std::string_view of_what);
    /// A number in the path.
    Operation& number(std::string_view name, std::string_view description);
    /// The members of T are query parameters, all of them optional.
    template <typename T>
    Operation& query() {
        const auto schema = schemas_.fields_schema<T>();
        for (const auto& [name, property] : schema.at("properties").as_object()) add_query(name, property.as_object());
        return *this;
    }
    enum class File { required, optional };
    /// A form: the members of T, all of them optional, and a file.
    template <typename T>
    Operation& form(std::string_view file_field, File file) {
        add_form(schemas_.fields_schema<T>(), file_field, file);
        return *this;
    }
    /// A form without a file: the members of T, of which these are required; at least one, whichever, if none is.
    template <typename T>
    Operation& fields(std::initializer_list<std::string_view> required) {
        auto schema = schemas_.fields_schema<T>(required);
        if (required.size() == 0) schema["minProperties"] = 1;
        add_fields(std::move(schema));
        return *this;
    }
    Operation& header(std::string_view name, std::string_view description);

    template <typename T>
    Operation& answers(unsigned status, std::string_view description) {
        return answers(status, description, "application/json", schemas_.schema_of<T>());
    }
    /// A second media type of one status keeps the first one's description.
    Operation& answers(unsigned status, std::string_view description, std::string_view media_type,
                       boost::json::object schema);
    /// Without a body.
    Operation& answers(unsigned status, std::string_view description);
    /// Errors, which refer to components/responses. A status that the operation describes itself keeps its description.
    Operation& fails(std::initializer_list<unsigned> statuses);
    /// The operation needs the key, where one is set.
    Operation& writes();

  private:
    boost::json::object& part(std::string_view name);
    void add_query(std::string_view name, boost::json::object schema);
    void add_form(boost::json::object schema, std::string_view file_field, File file);
    void add_fields(boost::json::object schema);
    void add_parameter(boost::json::object parameter);

    boost::json::object& operation_;
    SchemaWriter schemas_;
};

/// The description of the API as a whole.
struct ApiDescription {
    std::string title;
    std::string version;
    std::string summary;
    std::string license;  ///< an SPDX identifier
    std::vector<ErrorCode> errors;
    const Constraints& constraints;
};

/// The OpenAPI 3.1 document of these routes.
boost::json::object openapi_document(std::span<const Route> routes, const ApiDescription& api);

}  // namespace audio_ident::http
