#pragma once

#include <filesystem>
#include <functional>
#include <span>
#include <vector>

#include "core/deadline.hpp"
#include "core/result.hpp"
#include "index/vector/graph.hpp"
#include "index/vector/graph_cover.hpp"
#include "index/vector/graph_file.hpp"

namespace audio_ident::index {

/// The graph to be made.
struct GraphPlan {
    std::vector<GraphTrack> tracks;
    unsigned dimension = 0;
    /// What of an older graph may be taken over; nullptr: nothing. `before_cover` is of it and of what `tracks` are of.
    const GraphFile* before = nullptr;
    const GraphCover* before_cover = nullptr;
};

/// Calls back with where the rows of the plan's chunks lie now, which holds until the call is over.
using WithRows = std::function<Result<void>(const std::function<void(std::span<const ChunkRow>)>&)>;

/// Makes the graph and writes it. `with_rows` is called again and again, for about a second each, so that no snapshot is
/// held for long. Fails with timeout when stopped, not_available when the file cannot be written, or as `with_rows`.
Result<void> make_graph(const std::filesystem::path& path, const GraphPlan& plan, const WithRows& with_rows,
                        const Deadline& deadline);

}  // namespace audio_ident::index
