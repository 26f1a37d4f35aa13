#pragma once

#include <boost/describe.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

// Health and versions of the service.
// Described once (BOOST_DESCRIBE): JSON, the checks of requests and /openapi.json follow from here and from
// api/constraints.cpp. docs/api-contract.md shows the same types in TypeScript; a test compares them.

namespace audio_ident::api::wire {

struct Health {
    std::string status;
    std::string version;
};
BOOST_DESCRIBE_STRUCT(Health, (), (status, version))

enum class StoreState { ok, unavailable };
BOOST_DESCRIBE_ENUM(StoreState, ok, unavailable)

struct StoreStates {
    StoreState catalog = StoreState::ok;
    StoreState fingerprint_index = StoreState::ok;
    std::optional<StoreState> vector_index;  ///< absent: there is no vibe lane
    std::optional<StoreState> audio;         ///< the bucket of uploads; absent: they are in a folder
};
BOOST_DESCRIBE_STRUCT(StoreStates, (), (catalog, fingerprint_index, vector_index, audio))

struct Readiness {
    StoreState status = StoreState::ok;
    StoreStates stores;
};
BOOST_DESCRIBE_STRUCT(Readiness, (), (status, stores))

struct LibraryCounts {
    std::int64_t tracks = 0;
    std::int64_t unfinished = 0;
    std::int64_t fingerprinted = 0;
    std::optional<std::string> embedding_model;
    std::optional<std::int64_t> embedded;
};
BOOST_DESCRIBE_STRUCT(LibraryCounts, (), (tracks, unfinished, fingerprinted, embedding_model, embedded))

struct Component {
    std::string name;
    std::string version;
};
BOOST_DESCRIBE_STRUCT(Component, (), (name, version))

struct Version {
    std::string name;
    std::string version;
    std::string api_version;
    std::vector<Component> components;
};
BOOST_DESCRIBE_STRUCT(Version, (), (name, version, api_version, components))

}  // namespace audio_ident::api::wire
