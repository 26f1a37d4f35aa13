#include "index/vector/qdrant_collection.hpp"

#include <boost/json/array.hpp>
#include <cctype>
#include <chrono>
#include <utility>

#include "index/vector/qdrant_answer.hpp"
#include "util/wait_for_stop.hpp"

namespace audio_ident::index {

using boost::json::object;
using boost::json::value;

namespace {

constexpr std::size_t kScrolled = 2000;  // points for each answer
constexpr std::chrono::seconds kLatestNews{3};
constexpr std::chrono::milliseconds kLookAgain{50};

unsigned size_of(const value& info) {
    return number<unsigned>(member(member(member(member(info, "config"), "params"), "vectors"), "size"));
}

}  // namespace

std::optional<VectorSpace> space_of(const value& info) {
    const value& config = member(info, "config");
    const auto* metadata = config.is_object() ? config.as_object().if_contains("metadata") : nullptr;
    const auto* stored =
        metadata && metadata->is_object() ? metadata->as_object().if_contains("embedding_space") : nullptr;
    if (!stored || !stored->is_string()) return std::nullopt;
    return VectorSpace{std::string(stored->as_string()), size_of(info)};
}

std::string collection_name(const QdrantServer& server, const VectorSpace& space) {
    std::string name = server.collection_name + "_" + space.name;
    for (char& c : name) {
        if (!std::isalnum(static_cast<unsigned char>(c)) && c != '-') c = '_';
    }
    return name;
}

Result<void> QdrantCollection::ensure(const Deadline& deadline) {
    const auto there = client_.ask("GET", path(), {}, deadline);
    if (!there) return forward(there);
    return *there ? check(**there) : make(deadline);
}

Result<void> QdrantCollection::make(const Deadline& deadline) {
    object settings{{"vectors", object{{"size", space_.dimension}, {"distance", "Cosine"}}},
                    {"quantization_config", object{{"scalar", object{{"type", "int8"}, {"always_ram", true}}}}},
                    {"metadata", object{{"embedding_space", space_.name}}}};
    if (replication_.shard_number > 0) settings["shard_number"] = replication_.shard_number;
    if (replication_.replication_factor > 0) settings["replication_factor"] = replication_.replication_factor;
    if (replication_.write_consistency_factor > 0)
        settings["write_consistency_factor"] = replication_.write_consistency_factor;
    if (auto made = client_.ask("PUT", path(), settings, deadline); !made) {
        // Another process may have been first.
        const auto theirs = wait_for_theirs(deadline);
        return theirs && *theirs ? check(**theirs) : Result<void>(forward(made));
    }
    for (const auto& [field, schema] : {std::pair{"track_id", "uuid"}, std::pair{"chunk", "integer"}}) {
        const object index = {{"field_name", field}, {"field_schema", schema}};
        if (auto made = client_.ask("PUT", path("/index?wait=true"), index, deadline); !made) return forward(made);
    }
    return {};
}

/// The collection that another process has made. A node may hear of it some time after it refuses to make it again.
Result<std::optional<value>> QdrantCollection::wait_for_theirs(const Deadline& deadline) {
    const auto given_up = Deadline::Clock::now() + kLatestNews;
    while (true) {
        auto theirs = client_.ask("GET", path(), {}, deadline);
        if (!theirs || *theirs || Deadline::Clock::now() >= given_up || deadline.expired()) return theirs;
        util::wait_for_stop(kLookAgain, deadline.stop_token());
    }
}

Result<void> QdrantCollection::check(const value& info) const {
    const auto size = size_of(info);
    const auto stored = space_of(info);
    if (stored == space_) return {};
    const std::string model = stored ? stored->name : "another program";
    return fail(
        ErrorKind::unsupported,
        "Qdrant at {}: the collection \"{}\" holds vectors of {} with {} numbers, this program needs those of {} "
        "with {}; set QDRANT_COLLECTION_NAME to another name",
        client_.url(), name_, model, size, space_.name, space_.dimension);
}

Result<value> QdrantCollection::ask(const std::string& method, const std::string& rest, const object& body,
                                    const Deadline& deadline) {
    auto result = client_.ask(method, path(rest), body, deadline);
    if (result && !*result) {
        if (auto made = ensure(deadline); !made) return forward(made);
        result = client_.ask(method, path(rest), body, deadline);
    }
    if (!result) return forward(result);
    if (!*result)
        return fail(ErrorKind::not_available, "Qdrant at {} lost the collection \"{}\"", client_.url(), name_);
    return std::move(**result);
}

Result<void> QdrantCollection::erase(object filter, const Deadline& deadline) {
    const auto erased = ask("POST", "/points/delete?wait=true", object{{"filter", std::move(filter)}}, deadline);
    return erased ? Result<void>() : forward(erased);
}

Result<void> QdrantCollection::scroll(const object& filter, Vectors vectors, const Deadline& deadline,
                                      const std::function<void(value&)>& visit) {
    object question = {
        {"filter", filter}, {"limit", kScrolled}, {"with_payload", true}, {"with_vector", vectors == Vectors::yes}};
    while (true) {
        auto page = ask("POST", "/points/scroll", question, deadline);
        if (!page) return forward(page);
        for (value& point : items(member(*page, "points"))) visit(point);
        const value& next = member(*page, "next_page_offset");
        if (next.is_null()) return {};
        question["offset"] = next;
    }
}

Result<void> QdrantCollection::clear(const Deadline& deadline) {
    if (auto gone = client_.ask("DELETE", path(), {}, deadline); !gone) return forward(gone);
    return ensure(deadline);
}

}  // namespace audio_ident::index
