#include "http/openapi.hpp"

namespace audio_ident::http {

namespace json = boost::json;

// Objects are built step by step: Clang takes minutes to compile initialiser lists nested this deep.
namespace {

/// The object under this name, made when it is not there.
json::object& member(json::object& object, std::string_view name) {
    auto& value = object[name];
    if (!value.is_object()) value = json::object();
    return value.as_object();
}

json::object typed(std::string_view type) {
    return {{"type", type}};
}

json::object error_envelope(std::span<const ErrorCode> errors) {
    json::array codes;
    for (const auto& error : errors) codes.emplace_back(error.code);
    json::object properties;
    properties["code"] = typed("string");
    properties["code"].as_object()["enum"] = std::move(codes);
    properties["message"] = typed("string");
    properties["details"] = typed("object");
    json::object inner = typed("object");
    inner["required"] = json::array{"code", "message", "details"};
    inner["properties"] = std::move(properties);
    json::object outer;
    outer["error"] = std::move(inner);
    json::object envelope = typed("object");
    envelope["required"] = json::array{"error"};
    envelope["properties"] = std::move(outer);
    return envelope;
}

std::string error_name(unsigned status) {
    return fmt::format("Error{}", status);
}

/// One response a status, which operations refer to: errors look the same everywhere.
json::object error_responses(std::span<const ErrorCode> errors) {
    json::object answers;
    for (const auto& row : errors) {
        auto& answer = answers[error_name(row.status)];
        if (answer.is_object()) {
            auto& description = answer.as_object()["description"].as_string();
            description.append(", ").append(row.code);
            continue;
        }
        json::object schema = {{"$ref", "#/components/schemas/ErrorEnvelope"}};
        json::object content = {{"application/json", json::object{{"schema", std::move(schema)}}}};
        answer = json::object{{"description", row.code}, {"content", std::move(content)}};
    }
    return answers;
}

/// HEAD has the responses of GET without their bodies.
json::object head_of(const json::object& get) {
    json::object head = get;
    head["operationId"] = std::string(get.at("operationId").as_string()) + "Head";
    for (auto& [status, answer] : head["responses"].as_object()) answer.as_object().erase("content");
    return head;
}

}  // namespace

json::object& Operation::part(std::string_view name) {
    return member(operation_, name);
}

void Operation::add_parameter(json::object parameter) {
    auto& parameters = operation_["parameters"];
    if (!parameters.is_array()) parameters = json::array();
    parameters.as_array().push_back(std::move(parameter));
}

Operation& Operation::summary(std::string_view id, std::string_view text) {
    operation_["operationId"] = id;
    operation_["summary"] = text;
    return *this;
}

Operation& Operation::id(std::string_view of_what) {
    add_parameter({{"name", "id"},
                   {"in", "path"},
                   {"required", true},
                   {"description", fmt::format("Id of the {}", of_what)},
                   {"schema", {{"type", "string"}, {"format", "uuid"}}}});
    return *this;
}

Operation& Operation::number(std::string_view name, std::string_view description) {
    add_parameter({{"name", name},
                   {"in", "path"},
                   {"required", true},
                   {"description", description},
                   {"schema", {{"type", "integer"}, {"minimum", 0}, {"maximum", INT64_MAX}}}});
    return *this;
}

void Operation::add_query(std::string_view name, json::object schema) {
    add_parameter({{"name", name}, {"in", "query"}, {"required", false}, {"schema", std::move(schema)}});
}

Operation& Operation::header(std::string_view name, std::string_view description) {
    add_parameter({{"name", name},
                   {"in", "header"},
                   {"required", false},
                   {"description", description},
                   {"schema", {{"type", "string"}}}});
    return *this;
}

void Operation::add_form(json::object schema, std::string_view file_field, File file) {
    schema["properties"].as_object()[file_field] = {{"type", "string"}, {"format", "binary"}};
    if (file == File::required) schema["required"] = json::array{file_field};
    json::object part_of_file = {{"contentType", "application/octet-stream"}};
    json::object encoding;
    encoding[file_field] = std::move(part_of_file);
    json::object form;
    form["schema"] = std::move(schema);
    form["encoding"] = std::move(encoding);
    json::object content;
    content["multipart/form-data"] = std::move(form);
    operation_["requestBody"] = json::object{{"required", true}, {"content", std::move(content)}};
}

void Operation::add_fields(json::object schema) {
    json::object form;
    form["schema"] = std::move(schema);
    json::object content;
    content["multipart/form-data"] = form;
    content["application/x-www-form-urlencoded"] = std::move(form);
    operation_["requestBody"] = json::object{{"required", true}, {"content", std::move(content)}};
}

Operation& Operation::answers(unsigned status, std::string_view description, std::string_view media_type,
                              json::object schema) {
    auto& answer = part("responses")[std::to_string(status)];
    if (!answer.is_object()) answer = json::object{{"description", description}, {"content", json::object()}};
    answer.as_object()["content"].as_object()[media_type] = {{"schema", std::move(schema)}};
    return *this;
}

Operation& Operation::answers(unsigned status, std::string_view description) {
    part("responses")[std::to_string(status)] = {{"description", description}};
    return *this;
}

Operation& Operation::fails(std::initializer_list<unsigned> statuses) {
    for (const unsigned status : statuses) {
        auto& answer = part("responses")[std::to_string(status)];
        if (!answer.is_object()) answer = json::object{{"$ref", "#/components/responses/" + error_name(status)}};
    }
    return *this;
}

Operation& Operation::writes() {
    operation_["security"] = json::array{json::object(), {{"bearer", json::array()}}};
    return fails({401});
}

namespace {

json::object describe_paths(std::span<const Route> routes, SchemaWriter schemas) {
    json::object paths;
    for (const Route& route : routes) {
        if (!route.describe) continue;
        json::object text;
        Operation operation(text, schemas);
        route.describe(operation);
        operation.fails({400, 403, 408, 429, 431, 500, 503});
        auto& path = member(paths, route.pattern);
        std::string method = route.method;
        for (char& c : method) c = static_cast<char>(c - 'A' + 'a');
        if (method == "get") path["head"] = head_of(text);
        path[method] = std::move(text);
    }
    return paths;
}

}  // namespace

json::object openapi_document(std::span<const Route> routes, const ApiDescription& api) {
    json::object components;
    components["ErrorEnvelope"] = error_envelope(api.errors);
    auto paths = describe_paths(routes, {api.constraints, components});
    json::object license = {{"name", api.license}, {"identifier", api.license}};
    json::object info = {
        {"title", api.title}, {"version", api.version}, {"summary", api.summary}, {"license", std::move(license)}};
    json::object server = {{"url", "/"}};
    json::object security;
    security["bearer"] = json::object{{"type", "http"}, {"scheme", "bearer"}};
    json::object parts = {{"schemas", std::move(components)},
                          {"responses", error_responses(api.errors)},
                          {"securitySchemes", std::move(security)}};
    return {{"openapi", "3.1.0"},
            {"info", std::move(info)},
            {"servers", json::array{std::move(server)}},
            {"paths", std::move(paths)},
            {"components", std::move(parts)}};
}

}  // namespace audio_ident::http
