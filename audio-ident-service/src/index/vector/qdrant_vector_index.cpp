#include "index/vector/qdrant_vector_index.hpp"

#include <algorithm>
#include <boost/json/array.hpp>
#include <cctype>
#include <exception>
#include <map>
#include <utility>

#include "index/vector/check_vectors.hpp"
#include "index/vector/qdrant_client.hpp"
#include "util/url.hpp"

namespace audio_ident::index {

namespace {

using boost::json::array;
using boost::json::object;
using boost::json::value;

constexpr std::size_t kPointsARequest = 500;  // with 512 numbers each: about 3 MB of JSON
constexpr std::size_t kScrolled = 2000;       // points an answer

std::string name_of(const QdrantServer& server, const VectorSpace& space) {
    std::string name = server.collection_name + "_" + space.name;
    for (char& c : name) {
        if (!std::isalnum(static_cast<unsigned char>(c)) && c != '-') c = '_';
    }
    return name;
}

/// The id of a chunk's point: the track's id with the chunk's number mixed in. Two chunks can share it only if the
/// random ids of their tracks differ in no other bits.
TrackId point_id(const TrackId& track, std::uint32_t chunk) {
    TrackId::Bytes bytes = track.bytes();
    const std::uint64_t mixed = (chunk + 1) * 0x9E3779B97F4A7C15ULL;
    for (std::size_t i = 0; i < 8; ++i) bytes[8 + i] ^= static_cast<std::uint8_t>(mixed >> (8 * i));
    return TrackId(bytes);
}

/// Makes an array; braces could mean a copy as well.
array list(object first) {
    array items;
    items.push_back(std::move(first));
    return items;
}

object match(std::string_view key, value what) {
    return object{{"key", key}, {"match", object{{"value", std::move(what)}}}};
}

object match_any(std::span<const TrackId> ids) {
    array texts;
    for (const TrackId& id : ids) texts.emplace_back(id.to_string());
    return object{{"key", "track_id"}, {"match", object{{"any", std::move(texts)}}}};
}

TrackId track_of(const value& point) {
    const auto id = TrackId::parse(std::string(point.at("payload").at("track_id").as_string()));
    if (!id) throw std::runtime_error("a point names no track");
    return *id;
}

object of_tracks(std::span<const TrackId> ids) {
    return object{{"must", list(match_any(ids))}};
}

/// Runs a port method's body. Reading a reply that Qdrant would not give throws.
template <typename Body>
auto guarded(const QdrantClient& client, Body&& body) -> decltype(body()) {
    try {
        return body();
    } catch (const std::exception& error) {
        return fail(ErrorKind::corrupt, "Qdrant at {}: an answer makes no sense: {}", client.url(), error.what());
    }
}

}  // namespace

struct QdrantVectorIndex::Impl final : VectorIndexReader, VectorIndexWriter {
    Impl(const QdrantServer& server, VectorSpace s)
        : client(server.url, server.api_key), its_space(std::move(s)), name(name_of(server, its_space)) {}

    /// Makes the collection if it is missing, else checks it.
    Result<void> ensure(const Deadline& deadline) {
        return guarded(client, [&]() -> Result<void> {
            const auto there = client.ask("GET", path(), {}, deadline);
            if (!there) return forward(there);
            if (*there) return check(**there);
            const object settings{
                {"vectors", object{{"size", its_space.dimension}, {"distance", "Cosine"}}},
                {"quantization_config", object{{"scalar", object{{"type", "int8"}, {"always_ram", true}}}}},
                {"metadata", object{{"embedding_space", its_space.name}}}};
            if (auto made = client.ask("PUT", path(), settings, deadline); !made) {
                // Another process may have been first.
                const auto theirs = client.ask("GET", path(), {}, deadline);
                return theirs && *theirs ? check(**theirs) : Result<void>(forward(made));
            }
            for (const auto& [field, schema] : {std::pair{"track_id", "uuid"}, std::pair{"chunk", "integer"}}) {
                const object index = {{"field_name", field}, {"field_schema", schema}};
                if (auto made = client.ask("PUT", path("/index?wait=true"), index, deadline); !made)
                    return forward(made);
            }
            return {};
        });
    }

    Result<std::vector<std::vector<VectorHit>>> nearest(std::span<const float> queries, std::size_t count,
                                                        std::span<const TrackId> without,
                                                        const Deadline& deadline) override {
        using Answer = Result<std::vector<std::vector<VectorHit>>>;
        if (auto checked = check_queries(its_space, queries); !checked) return forward(checked);
        return guarded(client, [&]() -> Answer {
            array searches;
            for (std::size_t q = 0; q < queries.size(); q += its_space.dimension) {
                const auto row = queries.subspan(q, its_space.dimension);
                object search = {{"query", array(row.begin(), row.end())}, {"limit", count}, {"with_payload", true}};
                if (!without.empty()) search["filter"] = object{{"must_not", list(match_any(without))}};
                searches.push_back(std::move(search));
            }
            const auto result = ask("POST", "/points/query/batch", object{{"searches", std::move(searches)}}, deadline);
            if (!result) return forward(result);
            std::vector<std::vector<VectorHit>> answer;
            for (const value& found : result->as_array()) {
                auto& hits = answer.emplace_back();
                for (const value& point : found.at("points").as_array()) {
                    hits.push_back({track_of(point), point.at("payload").at("start").to_number<double>(),
                                    std::clamp(point.at("score").to_number<double>(), -1.0, 1.0)});
                }
            }
            return answer;
        });
    }

    Result<std::vector<TrackVectors>> vectors(std::span<const TrackId> ids, const Deadline& deadline) override {
        using Answer = Result<std::vector<TrackVectors>>;
        return guarded(client, [&]() -> Answer {
            std::map<TrackId, std::map<std::int64_t, value>> found;
            const object filter{{"must", list(match_any(ids))}};
            const auto done = ids.empty() ? Result<void>() : scroll(filter, true, deadline, [&](value& point) {
                const auto chunk = point.at("payload").at("chunk").to_number<std::int64_t>();
                found[track_of(point)].emplace(chunk, std::move(point));
            });
            if (!done) return forward(done);
            std::vector<TrackVectors> tracks;
            for (const TrackId& id : ids) {
                TrackVectors& track = tracks.emplace_back(TrackVectors{.id = id, .start_seconds = {}, .values = {}});
                for (const auto& [chunk, point] : found[id]) {
                    track.start_seconds.push_back(point.at("payload").at("start").to_number<float>());
                    const auto& row = point.at("vector").as_array();
                    if (row.size() != its_space.dimension) throw std::runtime_error("a vector of another length");
                    for (const value& number : row) track.values.push_back(number.to_number<float>());
                }
            }
            return tracks;
        });
    }

    Result<VectorStats> stats(const Deadline& deadline) override {
        return guarded(client, [&]() -> Result<VectorStats> {
            const auto count = [&](object filter) -> Result<std::uint64_t> {
                object question = {{"exact", true}};
                if (!filter.empty()) question["filter"] = std::move(filter);
                const auto result = ask("POST", "/points/count", question, deadline);
                if (!result) return forward(result);
                return result->at("count").to_number<std::uint64_t>();
            };
            const auto tracks = count(first_chunks());
            if (!tracks) return forward(tracks);
            const auto vectors = count({});
            if (!vectors) return forward(vectors);
            return VectorStats{.tracks = *tracks, .vectors = *vectors};
        });
    }

    const VectorSpace& space() const override { return its_space; }

    Result<void> add(std::span<const TrackVectors> tracks, const Deadline& deadline) override {
        if (auto right = check_vectors(its_space, tracks); !right) return right;
        return guarded(client, [&]() -> Result<void> {
            array points;
            const auto send = [&]() -> Result<void> {
                if (points.empty()) return {};
                const auto sent =
                    ask("PUT", "/points?wait=true", object{{"points", std::exchange(points, {})}}, deadline);
                return sent ? Result<void>() : forward(sent);
            };
            array older;  // chunks that the track had and has no longer
            for (const TrackVectors& track : tracks) {
                for (std::size_t i = 0; i < track.start_seconds.size(); ++i) {
                    const auto row = std::span(track.values).subspan(i * its_space.dimension, its_space.dimension);
                    points.push_back(object{
                        {"id", point_id(track.id, static_cast<std::uint32_t>(i)).to_string()},
                        {"vector", array(row.begin(), row.end())},
                        {"payload",
                         object{{"track_id", track.id.to_string()}, {"chunk", i}, {"start", track.start_seconds[i]}}}});
                    if (points.size() < kPointsARequest) continue;
                    if (auto sent = send(); !sent) return sent;
                }
                array both = list(match("track_id", value(track.id.to_string())));
                both.push_back(object{{"key", "chunk"}, {"range", object{{"gte", track.start_seconds.size()}}}});
                older.push_back(object{{"must", std::move(both)}});
            }
            if (auto sent = send(); !sent) return sent;
            return older.empty() ? Result<void>() : erase(object{{"should", std::move(older)}}, deadline);
        });
    }

    Result<void> remove(std::span<const TrackId> ids, const Deadline& deadline) override {
        if (ids.empty()) return {};
        return guarded(client, [&] { return erase(of_tracks(ids), deadline); });
    }

    Result<std::vector<TrackId>> tracks(const Deadline& deadline) override {
        return guarded(client, [&]() -> Result<std::vector<TrackId>> {
            std::vector<TrackId> ids;
            const auto done =
                scroll(first_chunks(), false, deadline, [&](const value& point) { ids.push_back(track_of(point)); });
            if (!done) return forward(done);
            return ids;
        });
    }

    Result<void> clear(const Deadline& deadline) override {
        if (auto gone = client.ask("DELETE", path(), {}, deadline); !gone) return forward(gone);
        return ensure(deadline);
    }

    const std::string& collection() const { return name; }

  private:
    std::string path(const std::string& rest = {}) const { return "/collections/" + name + rest; }

    static object first_chunks() { return object{{"must", list(match("chunk", value(0)))}}; }

    Result<void> check(const value& info) const {
        const auto& config = info.at("config").as_object();
        const auto size = config.at("params").at("vectors").at("size").to_number<unsigned>();
        const auto* metadata = config.if_contains("metadata");
        const auto* stored =
            metadata && metadata->is_object() ? metadata->as_object().if_contains("embedding_space") : nullptr;
        const std::string model = stored && stored->is_string() ? std::string(stored->as_string()) : "another program";
        if (size == its_space.dimension && model == its_space.name) return {};
        return fail(
            ErrorKind::unsupported,
            "Qdrant at {}: the collection \"{}\" holds vectors of {} with {} numbers, this program needs those of {} "
            "with {}; set QDRANT_COLLECTION_NAME to another name",
            client.url(), name, model, size, its_space.name, its_space.dimension);
    }

    /// Makes the collection again, empty, if somebody removed it meanwhile.
    Result<value> ask(const std::string& method, const std::string& rest, const object& body,
                      const Deadline& deadline) {
        auto result = client.ask(method, path(rest), body, deadline);
        if (result && !*result) {
            if (auto made = ensure(deadline); !made) return forward(made);
            result = client.ask(method, path(rest), body, deadline);
        }
        if (!result) return forward(result);
        if (!*result)
            return fail(ErrorKind::not_available, "Qdrant at {} lost the collection \"{}\"", client.url(), name);
        return std::move(**result);
    }

    Result<void> erase(object filter, const Deadline& deadline) {
        const auto erased = ask("POST", "/points/delete?wait=true", object{{"filter", std::move(filter)}}, deadline);
        return erased ? Result<void>() : forward(erased);
    }

    template <typename Visit>
    Result<void> scroll(const object& filter, bool with_vectors, const Deadline& deadline, Visit&& visit) {
        object question = {
            {"filter", filter}, {"limit", kScrolled}, {"with_payload", true}, {"with_vector", with_vectors}};
        while (true) {
            auto page = ask("POST", "/points/scroll", question, deadline);
            if (!page) return forward(page);
            for (value& point : page->at("points").as_array()) visit(point);
            const value& next = page->at("next_page_offset");
            if (next.is_null()) return {};
            question["offset"] = next;
        }
    }

    QdrantClient client;
    VectorSpace its_space;
    std::string name;
};

QdrantVectorIndex::QdrantVectorIndex(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
QdrantVectorIndex::~QdrantVectorIndex() = default;
VectorIndexReader& QdrantVectorIndex::reader() {
    return *impl_;
}
VectorIndexWriter& QdrantVectorIndex::writer() {
    return *impl_;
}
const std::string& QdrantVectorIndex::collection() const {
    return impl_->collection();
}

Result<void> QdrantVectorIndex::reach(const QdrantServer& server, const Deadline& deadline) {
    const auto answer = QdrantClient(server.url, server.api_key).ask("GET", "/collections", {}, deadline);
    if (!answer) return forward(answer);
    if (!*answer)
        return fail(ErrorKind::not_available, "{} does not answer as Qdrant does", util::mask_url(server.url));
    return {};
}

Result<void> QdrantVectorIndex::remove_everywhere(const QdrantServer& server, std::span<const TrackId> ids,
                                                  const Deadline& deadline) {
    if (ids.empty()) return {};
    QdrantClient client(server.url, server.api_key);
    return guarded(client, [&]() -> Result<void> {
        const auto listed = client.ask("GET", "/collections", {}, deadline);
        if (!listed) return forward(listed);
        if (!*listed) return {};
        for (const value& collection : (*listed)->at("collections").as_array()) {
            const std::string name(collection.at("name").as_string());
            if (!name.starts_with(name_of(server, {}))) continue;
            const auto removed = client.ask("POST", "/collections/" + name + "/points/delete?wait=true",
                                            object{{"filter", of_tracks(ids)}}, deadline);
            if (!removed) return forward(removed);
        }
        return {};
    });
}

Result<std::unique_ptr<QdrantVectorIndex>> QdrantVectorIndex::open(const QdrantServer& server, VectorSpace space,
                                                                   const Deadline& deadline) {
    auto impl = std::make_unique<Impl>(server, std::move(space));
    if (auto there = impl->ensure(deadline); !there) return forward(there);
    return std::unique_ptr<QdrantVectorIndex>(new QdrantVectorIndex(std::move(impl)));
}

}  // namespace audio_ident::index
