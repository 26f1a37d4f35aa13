#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <exception>
#include <functional>
#include <new>
#include <optional>
#include <string>

#include "core/deadline.hpp"
#include "core/result.hpp"
#include "index/store/corrupt.hpp"
#include "index/vector/qdrant_client.hpp"
#include "index/vector/track_vectors.hpp"

namespace audio_ident::index {

/// How a cluster keeps a new collection. 0: as the server is set up.
struct QdrantReplication {
    unsigned shard_number = 0;
    unsigned replication_factor = 0;        ///< nodes that hold each shard
    unsigned write_consistency_factor = 0;  ///< nodes that must have a write before it is answered
};

struct QdrantServer {
    std::string url;              ///< "http://localhost:6333"; of a cluster all nodes, separated by commas
    std::string api_key = {};     ///< empty: none
    std::string collection_name;  ///< the names of our collections begin with it
    QdrantReplication replication = {};
};

/// The name of a space's collection. Without a space, the prefix of the names of all our collections.
std::string collection_name(const QdrantServer& server, const VectorSpace& space = {});

/// The space of a collection, of what the server says about it; nullopt when another program made it. Throws Corrupt.
std::optional<VectorSpace> space_of(const boost::json::value& info);

/// Runs the body of a port method. Reading an invalid reply throws Corrupt, which becomes ErrorKind::corrupt; any other
/// exception becomes ErrorKind::internal.
template <typename Body>
auto guarded_answer(const QdrantClient& client, Body&& body) -> decltype(body()) {
    try {
        return body();
    } catch (const Corrupt& error) {
        return fail(ErrorKind::corrupt, "Qdrant at {}: cannot read an answer: {}", client.url(), error.what());
    } catch (const std::bad_alloc&) {
        return fail(ErrorKind::internal, "Qdrant at {}: out of memory", client.url());
    } catch (const std::exception& error) {
        return fail(ErrorKind::internal, "Qdrant at {}: {}", client.url(), error.what());
    }
}

/// The collection of one space on a Qdrant server. Its metadata has the space's name. Every method fails with
/// not_available, timeout, unsupported (the collection has vectors of another length or model), and throws
/// Corrupt when an answer makes no sense. Thread-safe.
class QdrantCollection {
  public:
    QdrantCollection(const QdrantServer& server, VectorSpace space)
        : client_(server.url, server.api_key),
          space_(std::move(space)),
          name_(collection_name(server, space_)),
          replication_(server.replication) {}

    const QdrantClient& client() const { return client_; }
    const VectorSpace& space() const { return space_; }
    const std::string& name() const { return name_; }

    /// Makes the collection if it is missing, else checks it.
    Result<void> ensure(const Deadline& deadline);
    /// Makes the collection again, empty, if somebody removed it meanwhile.
    Result<boost::json::value> ask(const std::string& method, const std::string& rest, const boost::json::object& body,
                                   const Deadline& deadline);
    /// Removes the points of a filter.
    Result<void> erase(boost::json::object filter, const Deadline& deadline);
    enum class Vectors { yes, no };
    /// Calls `visit` with each point of a filter.
    Result<void> scroll(const boost::json::object& filter, Vectors vectors, const Deadline& deadline,
                        const std::function<void(boost::json::value&)>& visit);
    /// Removes all points.
    Result<void> clear(const Deadline& deadline);

  private:
    std::string path(const std::string& rest = {}) const { return "/collections/" + name_ + rest; }
    Result<void> make(const Deadline& deadline);
    Result<std::optional<boost::json::value>> wait_for_theirs(const Deadline& deadline);
    Result<void> check(const boost::json::value& info) const;

    QdrantClient client_;
    VectorSpace space_;
    std::string name_;
    QdrantReplication replication_;
};

}  // namespace audio_ident::index
