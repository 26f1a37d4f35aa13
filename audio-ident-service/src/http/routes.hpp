#pragma once

#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include "http/jobs.hpp"
#include "http/library.hpp"
#include "http/metrics.hpp"
#include "http/opus_cache.hpp"
#include "http/route.hpp"

// The endpoints, by what they are about. What they refer to outlives the routes.

namespace audio_ident::http {

/// The version of docs/api-contract.md.
inline constexpr std::string_view kApiVersion = "1.3.0";

struct About {
    std::string version;
    std::vector<std::pair<std::string, std::string>> components;  ///< linked libraries and their versions
};

/// Uploads to search are no larger.
inline constexpr std::uint64_t kMaxClipBytes = std::uint64_t{10} << 20;
/// Nor those to ingest.
inline constexpr std::uint64_t kMaxTrackBytes = std::uint64_t{1} << 30;

std::vector<Route> health_routes(const Library& library, const About& about, const Metrics& metrics);
std::vector<Route> search_routes(const Library& library, std::chrono::milliseconds timeout);
/// `uploads`: the folder whose files go with their tracks.
std::vector<Route> track_routes(const Library& library, const std::filesystem::path& uploads, const OpusCache& opus);
struct IngestRules {
    std::filesystem::path uploads;             ///< where uploaded files are kept, by the hash of their content
    std::vector<std::filesystem::path> roots;  ///< folders that may be ingested, and all below them
};
std::vector<Route> ingest_routes(const Library& library, Jobs& jobs, const IngestRules& rules);
/// /openapi.json of `routes`, and a page that shows it.
std::vector<Route> document_routes(std::span<const Route> routes);
/// The web page at /, or, in a build without it, how to get it.
std::vector<Route> ui_routes();

}  // namespace audio_ident::http
