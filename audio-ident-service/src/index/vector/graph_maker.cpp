#include "index/vector/graph_maker.hpp"

#include <algorithm>

namespace audio_ident::index {

namespace {

constexpr std::size_t kAtOnce = 1000;  // chunks for each look at where the rows are

/// Takes over the links of the older graph, with the numbers of the new one. A chunk that lost more than half of its
/// links gets new ones later.
void take_over(GraphBuilder& builder, const GraphPlan& plan, std::span<const std::uint32_t> first,
               const Deadline& deadline) {
    const GraphCover& old = *plan.before_cover;
    const GraphLinks links = plan.before->links();
    const auto number_now = [&](std::uint32_t chunk) {
        if (chunk >= old.rows.size() || old.rows[chunk].row == nullptr) return kNoChunk;
        const std::size_t track = old.track_of(chunk);
        return first[old.entry_of[track]] + (chunk - old.first[track]);
    };
    std::vector<std::uint32_t> kept;
    for (std::uint32_t chunk = 0; chunk < old.rows.size() && !deadline.expired(); ++chunk) {
        if (old.rows[chunk].row == nullptr) continue;
        kept.clear();
        std::size_t had = 0;
        for (const std::uint32_t other : links.of(chunk)) {
            if (other == kNoChunk) continue;
            ++had;
            if (const std::uint32_t now = number_now(other); now != kNoChunk) kept.push_back(now);
        }
        if (kept.size() * 2 > had) builder.take_over(number_now(chunk), kept);
    }
}

/// Calls `body` for 0 … count - 1, with the rows as they are at that time.
template <typename Body>
Result<void> for_each_chunk(std::size_t count, const WithRows& with_rows, const Deadline& deadline, Body&& body) {
    for (std::size_t i = 0; i < count;) {
        auto done = with_rows([&](std::span<const ChunkRow> rows) {
            const std::size_t end = std::min(count, i + kAtOnce);
            for (; i < end && !deadline.expired(); ++i) body(i, rows);
        });
        if (!done) return done;
        if (deadline.expired()) return fail(ErrorKind::timeout, "stopped while the graph of vectors was made");
    }
    return {};
}

}  // namespace

Result<void> make_graph(const std::filesystem::path& path, const GraphPlan& plan, const WithRows& with_rows,
                        const Deadline& deadline) {
    std::vector<std::uint32_t> first;
    std::uint32_t chunks = 0;
    for (const GraphTrack& track : plan.tracks) {
        first.push_back(chunks);
        chunks += track.chunks;
    }
    GraphBuilder builder(chunks, plan.dimension);
    if (plan.before) take_over(builder, plan, first, deadline);
    const MixedOrder order(chunks);
    auto done = for_each_chunk(chunks, with_rows, deadline, [&](std::size_t i, std::span<const ChunkRow> rows) {
        if (!builder.linked(order[i])) builder.insert(order[i], rows);
    });
    if (!done) return done;
    done = for_each_chunk(chunks, with_rows, deadline, [&](std::size_t i, std::span<const ChunkRow> rows) {
        builder.trim(static_cast<std::uint32_t>(i), rows);
    });
    if (!done) return done;
    return GraphFile::write(path, plan.dimension, plan.tracks,
                            [&](std::uint32_t chunk) { return builder.links_of(chunk); });
}

}  // namespace audio_ident::index
