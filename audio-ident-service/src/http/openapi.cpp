#include "http/openapi.hpp"

#include "api/error_codes.hpp"

namespace audio_ident::http {

namespace json = boost::json;

// Objects are put together step by step: Clang takes minutes over initialiser lists nested this deep.
namespace {

json::object typed(std::string_view type) {
    return {{"type", type}};
}

json::object error_envelope() {
    json::array codes;
    for (const auto& row : api::error_codes()) codes.emplace_back(row.code);
    json::object properties;
    properties["code"] = typed("string");
    properties["code"].as_object()["enum"] = std::move(codes);
    properties["message"] = typed("string");
    properties["details"] = typed("object");
    json::object error = typed("object");
    error["required"] = json::array{"code", "message", "details"};
    error["properties"] = std::move(properties);
    json::object outer;
    outer["error"] = std::move(error);
    json::object envelope = typed("object");
    envelope["required"] = json::array{"error"};
    envelope["properties"] = std::move(outer);
    return envelope;
}

std::string failure_name(unsigned status) {
    return fmt::format("Error{}", status);
}

/// One answer a status, which operations refer to: what it says is the same everywhere.
json::object failures() {
    json::object answers;
    for (const auto& row : api::error_codes()) {
        auto& answer = answers[failure_name(row.status)];
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

/// HEAD answers as GET does, without a body.
json::object head_of(const json::object& get) {
    json::object head = get;
    head["operationId"] = std::string(get.at("operationId").as_string()) + "Head";
    for (auto& [status, answer] : head["responses"].as_object()) answer.as_object().erase("content");
    return head;
}

}  // namespace

json::object& Operation::part(std::string_view name) {
    auto& value = operation_[name];
    if (!value.is_object()) value = json::object();
    return value.as_object();
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

void Operation::add_form(json::object schema, File file) {
    schema["properties"].as_object()["audio"] = {{"type", "string"}, {"format", "binary"}};
    if (file == File::required) schema["required"] = {"audio"};
    json::object audio = {{"contentType", "application/octet-stream"}};
    json::object encoding;
    encoding["audio"] = std::move(audio);
    json::object form;
    form["schema"] = std::move(schema);
    form["encoding"] = std::move(encoding);
    json::object content;
    content["multipart/form-data"] = std::move(form);
    operation_["requestBody"] = json::object{{"required", true}, {"content", std::move(content)}};
}

Operation& Operation::answers(unsigned status, std::string_view description, std::string_view media_type,
                              json::object schema) {
    // A second type of the same answer keeps the first one's description.
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
        // An operation's own answer of that status stays.
        if (!answer.is_object()) answer = json::object{{"$ref", "#/components/responses/" + failure_name(status)}};
    }
    return *this;
}

Operation& Operation::writes() {
    operation_["security"] = json::array{json::object(), {{"bearer", json::array()}}};
    return fails({401});
}

json::object openapi_document(std::span<const Route> routes, std::string_view version) {
    json::object components;
    components["ErrorEnvelope"] = error_envelope();
    json::object paths;
    for (const Route& route : routes) {
        if (!route.describe) continue;
        json::object operation;
        route.describe(operation, components);
        Operation(operation, components).fails({400, 403, 408, 429, 431, 500, 503});
        auto& path = paths[route.pattern];
        if (!path.is_object()) path = json::object();
        std::string method = route.method;
        for (char& c : method) c = static_cast<char>(c - 'A' + 'a');
        if (method == "get") path.as_object()["head"] = head_of(operation);
        path.as_object()[method] = std::move(operation);
    }
    json::object license = {{"name", "Apache-2.0"}, {"identifier", "Apache-2.0"}};
    json::object info = {{"title", "audio-ident"},
                         {"version", version},
                         {"summary", "Finds music by sound in your own library"},
                         {"license", std::move(license)}};
    json::object server = {{"url", "/"}};
    json::object security;
    security["bearer"] = json::object{{"type", "http"}, {"scheme", "bearer"}};
    json::object parts = {
        {"schemas", std::move(components)}, {"responses", failures()}, {"securitySchemes", std::move(security)}};
    return {{"openapi", "3.1.0"},
            {"info", std::move(info)},
            {"servers", json::array{std::move(server)}},
            {"paths", std::move(paths)},
            {"components", std::move(parts)}};
}

}  // namespace audio_ident::http
