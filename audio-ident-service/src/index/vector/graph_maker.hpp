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

/// The graph to make.
struct GraphPlan {
    std::vector<GraphTrack> tracks;
    unsigned dimension = 0;
    /// An older graph whose links may be taken over, or nullptr. `before_cover` says which of the entries behind
    /// `tracks` it covers.
    const GraphFile* before = nullptr;
    const GraphCover* before_cover = nullptr;
};

/// Calls back with the present rows of the plan's chunks, which stay valid until the call returns.
using WithRows = std::function<Result<void>(const std::function<void(std::span<const ChunkRow>)>&)>;

/// Makes the graph and writes it. Calls `with_rows` again and again, for about a second each, so that no snapshot lives
/// long. Fails with timeout when stopped, with not_available when the file cannot be written, and as `with_rows` does.
Result<void> make_graph(const std::filesystem::path& path, const GraphPlan& plan, const WithRows& with_rows,
                        const Deadline& deadline);

}  // namespace audio_ident::index
