#include "index/fingerprint/segment_merge.hpp"

#include <algorithm>
#include <iterator>

#include "index/fingerprint/segment_builder.hpp"

namespace audio_ident::index {

namespace {

// A step moves one part in kSteps of a merge, within these bounds, so that later steps can use the space that it frees.
constexpr std::uint64_t kFewestPerStep = std::uint64_t{1} << 18;
constexpr std::uint64_t kFewestPerTidyStep = std::uint64_t{1} << 14;
constexpr std::uint64_t kMostPerStep = std::uint64_t{1} << 24;
constexpr std::uint64_t kSteps = 32;
constexpr std::uint64_t kFanOut = 4;  // merge when there are this many segments of about one size
constexpr std::uint64_t kSmallest = 1 << 16;

struct Numbered {
    SegmentNumber number;
    SegmentRecord record;
};

std::vector<Numbered> all_segments(const MapView& maps) {
    std::vector<Numbered> segments;
    maps.scan(Map::segments, {}, {}, [&](Bytes key, Bytes value) {
        segments.push_back({NumberKey::read(key, 0), value_of<SegmentRecord>(value)});
    });
    return segments;
}

// Those of the tracks of these entries that can be found.
class LiveTracks {
  public:
    LiveTracks(const MapView& maps, std::span<const ContentsEntry> entries) {
        if (entries.empty()) return;
        const auto [first, last] = std::minmax_element(entries.begin(), entries.end(),
                                                       [](const auto& a, const auto& b) { return a.track < b.track; });
        maps.scan(Map::numbers, NumberKey(first->track).bytes(), NumberKey(last->track + 1).bytes(),
                  [&](Bytes key, Bytes) { numbers_.push_back(NumberKey::read(key, 0)); });
    }
    bool has(TrackNumber track) const { return std::binary_search(numbers_.begin(), numbers_.end(), track); }

  private:
    std::vector<TrackNumber> numbers_;  // sorted
};

std::uint32_t dead_tracks(const MapView& maps, SegmentNumber segment) {
    const auto entries = read_contents(maps, segment);
    const LiveTracks live(maps, entries);
    return static_cast<std::uint32_t>(std::count_if(
        entries.begin(), entries.end(), [&](const ContentsEntry& entry) { return !live.has(entry.track); }));
}

// The size class: sizes within a factor of kFanOut share one.
int level(std::uint64_t postings) {
    int result = 0;
    for (std::uint64_t size = std::max(postings, kSmallest); size > kSmallest; size /= kFanOut) ++result;
    return result;
}

// Returns how many segments of about one size, from the smallest up, should become one; 0: none. `segments` are sorted
// by size.
std::size_t crowded(const std::vector<Numbered>& segments) {
    std::size_t count = 0;
    for (std::size_t i = 0; i < segments.size();) {
        std::size_t end = i;
        while (end < segments.size() && level(segments[end].record.postings) == level(segments[i].record.postings))
            ++end;
        if (end - i >= kFanOut) count = end;
        i = end;
    }
    return count;
}

// Does the same for segments of any size: it is worth rewriting a segment when the smaller ones together have a quarter
// of its postings.
std::size_t unequal(const std::vector<Numbered>& segments) {
    std::size_t count = 0;
    std::uint64_t below = 0;
    for (std::size_t i = 0; i < segments.size(); ++i) {
        if (i > 0 && below >= segments[i].record.postings / kFanOut) count = i + 1;
        below += segments[i].record.postings;
    }
    return count;
}

// Where the positions of one source go on the target's timeline.
struct Move {
    std::uint32_t source_begin;
    std::uint32_t target_begin;
    bool kept;
};

struct Source {
    SegmentNumber number;
    SegmentRecord record;
    std::vector<Move> moves;  // by source_begin
    Key needed_from = 0;      // later steps need the shards that begin here or after; gather() finds out
};

// The sources of the merge into `target`, with the place of each of their tracks in it.
std::vector<Source> sources_of(const MapView& maps, SegmentNumber target) {
    std::vector<ContentsEntry> target_contents = read_contents(maps, target);
    std::sort(target_contents.begin(), target_contents.end(),
              [](const auto& a, const auto& b) { return a.track < b.track; });
    std::vector<Source> sources;
    for (const Numbered& segment : all_segments(maps)) {
        if (segment.record.merged_into != target) continue;
        Source source{segment.number, segment.record, {}, 0};
        for (const ContentsEntry& entry : read_contents(maps, segment.number)) {
            const auto found = std::lower_bound(target_contents.begin(), target_contents.end(), entry.track,
                                                [](const ContentsEntry& e, TrackNumber t) { return e.track < t; });
            const bool kept = found != target_contents.end() && found->track == entry.track;
            source.moves.push_back({entry.begin, kept ? found->begin : 0, kept});
        }
        sources.push_back(std::move(source));
    }
    return sources;
}

struct Shard {
    Key begin = 0;
    Key end = 0;
    std::vector<std::byte> bytes;
};

// The source's shards that begin below key_end. The steps before have removed those that end below key_begin.
std::vector<Shard> shards_of(const MapView& maps, const Source& source, Key key_end) {
    std::vector<Shard> shards;
    const NumberKey border(source.number, key_end);
    maps.scan(Map::postings, NumberKey(source.number, 0).bytes(), border.bytes(), [&](Bytes key, Bytes value) {
        const Key begin = NumberKey::read(key, 4);
        if (!shards.empty()) shards.back().end = begin;
        shards.push_back({begin, fingerprint::kKeys, {value.begin(), value.end()}});
    });
    if (shards.empty()) return shards;
    const auto next = maps.first_key(Map::postings, border.bytes());
    if (next && NumberKey::read(*next, 0) == source.number) shards.back().end = NumberKey::read(*next, 4);
    return shards;
}

// Appends the source's postings with keys in [key_begin, key_end), moved to the target's timeline. Returns where the
// shards begin that later steps need.
Key collect(const MapView& maps, const Source& source, Key key_begin, Key key_end, std::vector<Posting>& postings) {
    Key needed = key_end;
    for (const Shard& shard : shards_of(maps, source, key_end)) {
        if (shard.end > key_end) needed = shard.begin;
        const PostingShard view(shard.bytes, shard.begin, shard.end, source.record.frames);
        view.for_each(std::max(key_begin, shard.begin), std::min(key_end, shard.end), [&](Posting posting) {
            const auto after =
                std::upper_bound(source.moves.begin(), source.moves.end(), posting.position,
                                 [](std::uint32_t at, const Move& move) { return at < move.source_begin; });
            if (after == source.moves.begin()) return;
            const Move& move = *std::prev(after);
            if (!move.kept) return;
            posting.position = posting.position - move.source_begin + move.target_begin;
            postings.push_back(posting);
        });
    }
    return needed;
}

void erase_shards_below(MapTransaction& maps, SegmentNumber segment, Key border) {
    maps.erase_range(Map::postings, NumberKey(segment, 0).bytes(), NumberKey(segment, border).bytes());
}

// Returns where the next step ends.
Key next_border(const std::vector<Source>& sources, Key key_begin, MergeEffort effort) {
    std::uint64_t total = 0;
    for (const Source& source : sources) total += source.record.postings;
    const std::uint64_t budget =
        std::clamp(total / kSteps, effort == MergeEffort::tidy ? kFewestPerTidyStep : kFewestPerStep, kMostPerStep);
    const std::uint64_t width = std::uint64_t{fingerprint::kKeys} * budget / std::max<std::uint64_t>(total, 1) + 1;
    return static_cast<Key>(std::min<std::uint64_t>(fingerprint::kKeys, key_begin + width));
}

// Returns the postings of all sources with keys in the range, sorted, with positions on the target's timeline.
std::vector<Posting> gather(const MapView& maps, std::vector<Source>& sources, Key key_begin, Key key_end) {
    std::vector<Posting> postings;
    for (Source& source : sources) {
        const auto border = static_cast<std::ptrdiff_t>(postings.size());
        source.needed_from = collect(maps, source, key_begin, key_end, postings);
        // In most sources the tracks keep their order, so that their postings are sorted already.
        if (!std::is_sorted(postings.begin() + border, postings.end()))
            std::sort(postings.begin() + border, postings.end());
        std::inplace_merge(postings.begin(), postings.begin() + border, postings.end());
    }
    return postings;
}

}  // namespace

std::optional<std::vector<SegmentNumber>> choose_merge(const MapView& maps, MergeEffort effort) {
    const std::vector<Numbered> all = all_segments(maps);
    // Leaves out segments that are about as long as a timeline can be: they can never be merged.
    std::vector<Numbered> segments;
    std::copy_if(all.begin(), all.end(), std::back_inserter(segments),
                 [](const Numbered& segment) { return segment.record.frames <= kLongestTimeline / kFanOut; });
    std::sort(segments.begin(), segments.end(), [](const Numbered& a, const Numbered& b) {
        return a.record.postings != b.record.postings ? a.record.postings < b.record.postings : a.number < b.number;
    });
    const std::size_t count = effort == MergeEffort::keep_up ? crowded(segments) : unequal(segments);
    if (count < 2 && effort == MergeEffort::tidy) {
        for (const Numbered& segment : all) {
            const std::uint32_t dead = dead_tracks(maps, segment.number);
            if (dead > 0 && (dead * 5 >= segment.record.tracks)) return std::vector{segment.number};
        }
    }
    std::uint64_t frames = 0;
    std::vector<SegmentNumber> chosen;
    for (std::size_t i = 0; i < count; ++i) {
        frames += segments[i].record.frames;
        if (frames > kLongestTimeline) break;
        chosen.push_back(segments[i].number);
    }
    if (chosen.size() < 2) return std::nullopt;
    std::sort(chosen.begin(), chosen.end());
    return chosen;
}

void begin_merge(MapTransaction& maps, MetaRecord& meta, const std::vector<SegmentNumber>& sources) {
    const SegmentNumber target = meta.next_segment++;
    SegmentRecord record;
    std::vector<ContentsEntry> contents;
    std::uint64_t postings = 0;
    for (const SegmentNumber number : sources) {
        auto source = read_segment(maps, number);
        const auto entries = read_contents(maps, number);
        const LiveTracks live(maps, entries);
        for (std::size_t i = 0; i < entries.size(); ++i) {
            if (!live.has(entries[i].track)) continue;
            const std::uint32_t end = i + 1 < entries.size() ? entries[i + 1].begin : source.frames;
            contents.push_back({entries[i].track, record.frames});
            record.frames += end - entries[i].begin;
        }
        postings += source.postings;
        source.merged_into = target;
        maps.put(Map::segments, NumberKey(number).bytes(), bytes_of(source));
    }
    record.shard_bytes = static_cast<std::uint32_t>(shard_bytes_for(postings));
    record.key_end = 0;
    record.tracks = static_cast<std::uint32_t>(contents.size());
    maps.put(Map::contents, NumberKey(target).bytes(),
             {reinterpret_cast<const std::byte*>(contents.data()), contents.size() * sizeof(ContentsEntry)});
    maps.put(Map::segments, NumberKey(target).bytes(), bytes_of(record));
    meta.merge_target = target;
}

bool step_merge(MapTransaction& maps, MetaRecord& meta, MergeEffort effort) {
    const SegmentNumber target = meta.merge_target;
    if (target == MetaRecord::kNoMerge) return false;
    auto record = read_segment(maps, target);
    std::vector<Source> sources = sources_of(maps, target);

    const Key key_end = next_border(sources, record.key_end, effort);
    const std::vector<Posting> postings = gather(maps, sources, record.key_end, key_end);
    write_shards(maps, target, record, record.key_end, key_end, postings);
    record.key_end = key_end;
    record.postings += postings.size();
    const bool finished = key_end == fingerprint::kKeys;
    for (Source& source : sources) {
        erase_shards_below(maps, source.number, finished ? fingerprint::kKeys : source.needed_from);
        source.record.key_begin = record.key_end;
        if (finished) {
            maps.erase(Map::segments, NumberKey(source.number).bytes());
            maps.erase(Map::contents, NumberKey(source.number).bytes());
        } else {
            maps.put(Map::segments, NumberKey(source.number).bytes(), bytes_of(source.record));
        }
    }
    if (record.tracks == 0 && finished) {
        erase_shards_below(maps, target, fingerprint::kKeys);
        maps.erase(Map::segments, NumberKey(target).bytes());
        maps.erase(Map::contents, NumberKey(target).bytes());
    } else {
        maps.put(Map::segments, NumberKey(target).bytes(), bytes_of(record));
    }
    if (finished) meta.merge_target = MetaRecord::kNoMerge;
    return true;
}

}  // namespace audio_ident::index
