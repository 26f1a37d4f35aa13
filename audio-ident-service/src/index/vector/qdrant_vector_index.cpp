#include "index/vector/qdrant_vector_index.hpp"

#include <algorithm>
#include <boost/json/array.hpp>
#include <map>
#include <utility>

#include "index/vector/check_vectors.hpp"
#include "index/vector/qdrant_answer.hpp"
#include "index/vector/qdrant_points.hpp"
#include "util/url.hpp"

namespace audio_ident::index {

using boost::json::array;
using boost::json::object;
using boost::json::value;

namespace {

constexpr std::size_t kPointsARequest = 500;  // with 512 numbers each: about 3 MB of JSON

}  // namespace

struct QdrantVectorIndex::Impl final : VectorIndexReader, VectorIndexWriter {
    Impl(const QdrantServer& server, VectorSpace its_space) : collection(server, std::move(its_space)) {}

    Result<std::vector<std::vector<VectorHit>>> nearest(std::span<const float> queries, std::size_t count,
                                                        std::span<const TrackId> without,
                                                        const Deadline& deadline) override {
        using Answer = Result<std::vector<std::vector<VectorHit>>>;
        if (auto checked = check_queries(collection.space(), queries); !checked) return forward(checked);
        return guarded_answer(collection.client(), [&]() -> Answer {
            array searches;
            for (std::size_t q = 0; q < queries.size(); q += collection.space().dimension) {
                const auto row = queries.subspan(q, collection.space().dimension);
                object search = {{"query", array(row.begin(), row.end())}, {"limit", count}, {"with_payload", true}};
                if (!without.empty()) search["filter"] = not_of_tracks(without);
                searches.push_back(std::move(search));
            }
            const auto result =
                collection.ask("POST", "/points/query/batch", object{{"searches", std::move(searches)}}, deadline);
            if (!result) return forward(result);
            std::vector<std::vector<VectorHit>> answer;
            for (const value& found : items(*result)) {
                auto& hits = answer.emplace_back();
                for (const value& point : items(member(found, "points"))) {
                    hits.push_back({track_of(point), number<double>(member(member(point, "payload"), "start")),
                                    std::clamp(number<double>(member(point, "score")), -1.0, 1.0)});
                }
            }
            return answer;
        });
    }

    Result<std::vector<TrackVectors>> vectors(std::span<const TrackId> ids, const Deadline& deadline) override {
        using Answer = Result<std::vector<TrackVectors>>;
        return guarded_answer(collection.client(), [&]() -> Answer {
            std::map<TrackId, std::map<std::int64_t, value>> found;
            const auto done =
                ids.empty()
                    ? Result<void>()
                    : collection.scroll(of_tracks(ids), QdrantCollection::Vectors::yes, deadline, [&](value& point) {
                          const auto chunk = number<std::int64_t>(member(member(point, "payload"), "chunk"));
                          found[track_of(point)].emplace(chunk, std::move(point));
                      });
            if (!done) return forward(done);
            std::vector<TrackVectors> tracks;
            for (const TrackId& id : ids) {
                TrackVectors& track = tracks.emplace_back(TrackVectors{.id = id, .start_seconds = {}, .values = {}});
                for (const auto& [chunk, point] : found[id]) {
                    track.start_seconds.push_back(number<float>(member(member(point, "payload"), "start")));
                    const auto& row = items(member(point, "vector"));
                    if (row.size() != collection.space().dimension) throw Corrupt("a vector of another length");
                    for (const value& one : row) track.values.push_back(number<float>(one));
                }
            }
            return tracks;
        });
    }

    Result<VectorStats> stats(const Deadline& deadline) override {
        return guarded_answer(collection.client(), [&]() -> Result<VectorStats> {
            const auto count = [&](object filter) -> Result<std::uint64_t> {
                object question = {{"exact", true}};
                if (!filter.empty()) question["filter"] = std::move(filter);
                const auto result = collection.ask("POST", "/points/count", question, deadline);
                if (!result) return forward(result);
                return number<std::uint64_t>(member(*result, "count"));
            };
            const auto tracks = count(first_chunks());
            if (!tracks) return forward(tracks);
            const auto vectors = count({});
            if (!vectors) return forward(vectors);
            return VectorStats{.tracks = *tracks, .vectors = *vectors};
        });
    }

    const VectorSpace& space() const override { return collection.space(); }

    Result<void> add(std::span<const TrackVectors> tracks, const Deadline& deadline) override {
        if (auto right = check_vectors(collection.space(), tracks); !right) return right;
        return guarded_answer(collection.client(), [&]() -> Result<void> {
            array points;
            const auto send = [&]() -> Result<void> {
                if (points.empty()) return {};
                const auto sent =
                    collection.ask("PUT", "/points?wait=true", object{{"points", std::exchange(points, {})}}, deadline);
                return sent ? Result<void>() : forward(sent);
            };
            array older;  // chunks that the track had and has no longer
            for (const TrackVectors& track : tracks) {
                for (std::size_t i = 0; i < track.start_seconds.size(); ++i) {
                    const auto row =
                        std::span(track.values).subspan(i * collection.space().dimension, collection.space().dimension);
                    points.push_back(object{
                        {"id", point_id(track.id, static_cast<std::uint32_t>(i)).to_string()},
                        {"vector", array(row.begin(), row.end())},
                        {"payload",
                         object{{"track_id", track.id.to_string()}, {"chunk", i}, {"start", track.start_seconds[i]}}}});
                    if (points.size() < kPointsARequest) continue;
                    if (auto sent = send(); !sent) return sent;
                }
                older.push_back(chunks_from(track.id, track.start_seconds.size()));
            }
            if (auto sent = send(); !sent) return sent;
            return older.empty() ? Result<void>() : collection.erase(object{{"should", std::move(older)}}, deadline);
        });
    }

    Result<void> remove(std::span<const TrackId> ids, const Deadline& deadline) override {
        if (ids.empty()) return {};
        return guarded_answer(collection.client(), [&] { return collection.erase(of_tracks(ids), deadline); });
    }

    Result<std::vector<TrackId>> tracks(const Deadline& deadline) override {
        return guarded_answer(collection.client(), [&]() -> Result<std::vector<TrackId>> {
            std::vector<TrackId> ids;
            const auto done = collection.scroll(first_chunks(), QdrantCollection::Vectors::no, deadline,
                                                [&](const value& point) { ids.push_back(track_of(point)); });
            if (!done) return forward(done);
            return ids;
        });
    }

    Result<void> clear(const Deadline& deadline) override {
        return guarded_answer(collection.client(), [&] { return collection.clear(deadline); });
    }

    QdrantCollection collection;
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
    return impl_->collection.name();
}

Result<void> QdrantVectorIndex::reach(const QdrantServer& server, const Deadline& deadline) {
    const auto answer = QdrantClient(server.url, server.api_key).ask("GET", "/collections", {}, deadline);
    if (!answer) return forward(answer);
    if (!*answer) return fail(ErrorKind::not_available, "{} does not answer like Qdrant", util::mask_url(server.url));
    return {};
}

namespace {

/// The spaces of our collections on a server.
Result<std::vector<VectorSpace>> our_spaces(QdrantClient& client, const QdrantServer& server,
                                            const Deadline& deadline) {
    std::vector<VectorSpace> spaces;
    const auto listed = client.ask("GET", "/collections", {}, deadline);
    if (!listed) return forward(listed);
    if (!*listed) return spaces;
    for (const value& collection : items(member(**listed, "collections"))) {
        const std::string name(text(member(collection, "name")));
        if (!name.starts_with(collection_name(server))) continue;
        const auto info = client.ask("GET", "/collections/" + name, {}, deadline);
        if (!info) return forward(info);
        if (!*info) continue;
        auto space = space_of(**info);
        // The names of another library's collections may begin as ours do.
        if (space && collection_name(server, *space) == name) spaces.push_back(std::move(*space));
    }
    return spaces;
}

}  // namespace

Result<std::vector<VectorSpace>> QdrantVectorIndex::spaces(const QdrantServer& server, const Deadline& deadline) {
    QdrantClient client(server.url, server.api_key);
    return guarded_answer(client, [&] { return our_spaces(client, server, deadline); });
}

Result<void> QdrantVectorIndex::remove_everywhere(const QdrantServer& server, std::span<const TrackId> ids,
                                                  const Deadline& deadline) {
    if (ids.empty()) return {};
    QdrantClient client(server.url, server.api_key);
    return guarded_answer(client, [&]() -> Result<void> {
        const auto spaces = our_spaces(client, server, deadline);
        if (!spaces) return forward(spaces);
        for (const VectorSpace& space : *spaces) {
            const auto points = "/collections/" + collection_name(server, space) + "/points";
            const auto removed =
                client.ask("POST", points + "/delete?wait=true", object{{"filter", of_tracks(ids)}}, deadline);
            if (!removed) return forward(removed);
        }
        return {};
    });
}

Result<std::unique_ptr<QdrantVectorIndex>> QdrantVectorIndex::open(const QdrantServer& server, VectorSpace space,
                                                                   const Deadline& deadline) {
    auto impl = std::make_unique<Impl>(server, std::move(space));
    const auto there = guarded_answer(impl->collection.client(), [&] { return impl->collection.ensure(deadline); });
    if (!there) return forward(there);
    return std::unique_ptr<QdrantVectorIndex>(new QdrantVectorIndex(std::move(impl)));
}

}  // namespace audio_ident::index
