#include "index/vector/flat_scan.hpp"

#include <algorithm>
#include <cstring>
#include <tuple>

namespace audio_ident::index {

namespace {

constexpr std::size_t kBytesAThread = std::size_t{8} << 20;
constexpr std::size_t kBytesBetweenLooks = std::size_t{4} << 20;  // check the deadline every millisecond or so

struct Found {
    float cosine = 0;
    std::uint32_t entry = 0;
    std::uint32_t chunk = 0;
};

bool better(const Found& a, const Found& b) {
    return std::tie(b.cosine, a.entry, a.chunk) < std::tie(a.cosine, b.entry, b.chunk);
}

/// The best hits so far, as a heap with the worst of them in front.
class Best {
  public:
    explicit Best(std::size_t count) : count_(count) {}

    void offer(const Found& found) {
        if (found_.size() == count_) {
            if (count_ == 0 || !better(found, found_.front())) return;
            std::pop_heap(found_.begin(), found_.end(), better);
            found_.back() = found;
        } else {
            found_.push_back(found);
        }
        std::push_heap(found_.begin(), found_.end(), better);
    }
    std::span<const Found> found() const { return found_; }
    std::vector<Found> sorted() && {
        std::sort(found_.begin(), found_.end(), better);
        return std::move(found_);
    }

  private:
    std::size_t count_;
    std::vector<Found> found_;
};

struct Part {
    std::size_t begin = 0;
    std::size_t end = 0;
    std::vector<Best> best = {};  // one for each query
    bool finished = false;
};

void scan(std::span<const VectorEntry> entries, const QuantisedQueries& queries,
          const std::unordered_set<TrackId>& without, const Deadline& deadline, Part& part) {
    std::vector<std::int32_t> products;
    std::size_t bytes = 0;
    for (std::size_t e = part.begin; e < part.end; ++e) {
        const VectorEntry& entry = entries[e];
        if (!without.empty() && without.contains(entry.id)) continue;
        bytes += entry.count * queries.dimension;
        if (bytes > kBytesBetweenLooks) {
            if (deadline.expired()) return;
            bytes = 0;
        }
        products.resize(queries.count() * entry.count);
        dot_products(entry.rows, entry.count, queries, products.data());
        for (std::size_t q = 0; q < queries.count(); ++q) {
            for (std::uint32_t i = 0; i < entry.count; ++i) {
                float scale = 0;
                std::memcpy(&scale, entry.scales + i * sizeof scale, sizeof scale);
                const float cosine = static_cast<float>(products[q * entry.count + i]) * scale * queries.scales[q];
                part.best[q].offer({cosine, static_cast<std::uint32_t>(e), i});
            }
        }
    }
    part.finished = true;
}

/// Cuts the entries into parts of about equal bytes.
std::vector<Part> cut(std::span<const VectorEntry> entries, const QuantisedQueries& queries, std::size_t count,
                      std::size_t most_parts) {
    std::size_t chunks = 0;
    for (const VectorEntry& entry : entries) chunks += entry.count;
    const std::size_t wanted = std::clamp<std::size_t>(chunks * queries.dimension / kBytesAThread, 1, most_parts);
    std::vector<Part> parts(1);
    std::size_t seen = 0;
    for (std::size_t e = 0; e < entries.size(); ++e) {
        if (seen * wanted >= chunks * parts.size() && e > parts.back().begin && parts.size() < wanted) {
            parts.back().end = e;
            parts.push_back({.begin = e});
        }
        seen += entries[e].count;
    }
    parts.back().end = entries.size();
    for (Part& part : parts) part.best.assign(queries.count(), Best(count));
    return parts;
}

}  // namespace

Result<std::vector<std::vector<VectorHit>>> flat_scan(std::span<const VectorEntry> entries,
                                                      const QuantisedQueries& queries, std::size_t count,
                                                      const std::unordered_set<TrackId>& without,
                                                      const Deadline& deadline, Executor& executor) {
    std::vector<Part> parts = cut(entries, queries, count, executor.width());
    executor.for_each(parts.size(), executor.width(),
                      [&](std::size_t p, std::size_t) { scan(entries, queries, without, deadline, parts[p]); });
    std::vector<Best>& best = parts[0].best;
    for (std::size_t p = 0; p < parts.size(); ++p) {
        if (!parts[p].finished) return fail(ErrorKind::timeout, "no time left to compare vectors");
        for (std::size_t q = 0; p > 0 && q < best.size(); ++q) {
            for (const Found& found : parts[p].best[q].found()) best[q].offer(found);
        }
    }
    std::vector<std::vector<VectorHit>> hits(queries.count());
    for (std::size_t q = 0; q < hits.size(); ++q) {
        for (const Found& found : std::move(best[q]).sorted()) {
            const VectorEntry& entry = entries[found.entry];
            float start = 0;
            std::memcpy(&start, entry.starts + found.chunk * sizeof start, sizeof start);
            hits[q].push_back({entry.id, start, std::clamp(double(found.cosine), -1.0, 1.0)});
        }
    }
    return hits;
}

}  // namespace audio_ident::index
