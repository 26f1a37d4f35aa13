#include "fingerprint/params.hpp"
#include "timeline/listener.hpp"
#include "timeline/saved_values.hpp"

// What a Listener saves:
//
//   format, version of the fingerprints, windows heard, next window for other speeds, number of the next line
//   for each cell: silent or not
//   the lines that are followed, then those that are kept, each as
//     number, track (id and place in the index), nodes, limits, evidence from its first cell on, what windows said of
//     it, earlier lines that were heard beside it
//   checksum
//
// The last windows are not saved: they are made again from the recording.

namespace audio_ident::timeline {

namespace {

constexpr std::uint32_t kFormat = 0x0002'4C54;  // "TL", 2

// FNV-1a
std::uint64_t checksum_of(std::string_view bytes) {
    std::uint64_t sum = 0xCBF29CE484222325;
    for (const char byte : bytes) sum = (sum ^ static_cast<std::uint8_t>(byte)) * 0x100000001B3;
    return sum;
}

void put_line(ValueWriter& to, const Line& line) {
    to.put(line.id().bytes());
    to.put(line.track().track);
    to.put(line.track().begin);
    to.put(line.track().frames);
    to.put(line.track().outdated);
    to.put_count(line.nodes().size());
    for (const Node& node : line.nodes()) {
        to.put(node.at_seconds);
        to.put(node.place_seconds);
        to.put(node.transform.time);
        to.put(node.transform.pitch);
    }
    to.put(line.limits().begin);
    to.put(line.limits().end);
    to.put(line.evidence.begin());
    to.put_count(static_cast<std::size_t>(line.evidence.end() - line.evidence.begin()));
    for (Cell cell = line.evidence.begin(); cell < line.evidence.end(); ++cell) to.put(line.evidence.at(cell));
    to.put(line.window_confidence);
    to.put(line.votes);
    to.put(line.agreeing_windows);
    to.put(line.last_agreeing);
}

std::unique_ptr<Line> take_line(ValueReader& from) {
    const TrackId id(from.take<TrackId::Bytes>());
    index::Location track;
    track.track = from.take<std::uint32_t>();
    track.begin = from.take<std::uint32_t>();
    track.frames = from.take<std::uint32_t>();
    track.outdated = from.take<bool>();
    std::vector<Node> nodes(from.take_count(2 * sizeof(double)));
    for (Node& node : nodes) {
        node.at_seconds = from.take<double>();
        node.place_seconds = from.take<double>();
        node.transform.time = from.take<float>();
        node.transform.pitch = from.take<float>();
    }
    if (nodes.empty()) return nullptr;
    auto line = std::make_unique<Line>(id, track, nodes.front());
    for (const Node& node : nodes) line->add(node);
    line->begin_no_earlier(from.take<Cell>());
    line->end_no_later(from.take<Cell>());
    const auto begin = from.take<Cell>();
    const auto cells = static_cast<Cell>(from.take_count(sizeof(float)));
    for (Cell cell = begin; cell < begin + cells; ++cell) line->evidence.set(cell, from.take<float>());
    line->window_confidence = from.take<double>();
    line->votes = from.take<float>();
    line->agreeing_windows = from.take<int>();
    line->last_agreeing = from.take<Cell>();
    return line;
}

}  // namespace

void Listener::put_all(ValueWriter& to, const std::vector<Active>& lines) {
    to.put_count(lines.size());
    for (const Active& active : lines) {
        to.put(static_cast<std::uint64_t>(active.number));
        put_line(to, *active.line);
        to.put_count(active.beside.size());
        for (const auto& [number, sameness] : active.beside) {
            to.put(static_cast<std::uint64_t>(number));
            to.put(sameness.shared);
            to.put(sameness.windows);
        }
    }
}

std::vector<Listener::Active> Listener::take_all(ValueReader& from) const {
    constexpr std::size_t kLeastBytes = 80;
    std::vector<Active> lines;
    for (std::size_t left = from.take_count(kLeastBytes); left > 0 && from.ok(); --left) {
        const auto number = static_cast<std::size_t>(from.take<std::uint64_t>());
        Active active{take_line(from), number};
        for (std::size_t pairs = from.take_count(2 * sizeof(std::uint64_t)); pairs > 0; --pairs) {
            const auto other = static_cast<std::size_t>(from.take<std::uint64_t>());
            const auto shared = from.take<double>();
            active.beside[other] = {shared, from.take<int>()};
        }
        // A track that was removed meanwhile is not heard.
        if (active.line && snapshot_.track_id(active.line->track().track) == active.line->id())
            lines.push_back(std::move(active));
    }
    return lines;
}

std::string Listener::save() const {
    ValueWriter to;
    to.put(kFormat);
    to.put(fingerprint::Params::kVersion);
    to.put(static_cast<std::uint64_t>(std::max(windows_heard_, resumed_windows_)));
    to.put(static_cast<std::uint64_t>(next_transformed_));
    to.put(static_cast<std::uint64_t>(next_number_));
    to.put_count(silent_.size());
    for (const bool silent : silent_) to.put(silent);
    put_all(to, active_);
    put_all(to, kept_);
    const auto checksum = checksum_of(to.bytes());
    to.put(checksum);
    return to.bytes();
}

Result<void> Listener::resume(std::string_view saved) {
    std::uint64_t checksum = 0;
    if (saved.size() < sizeof checksum) return fail(ErrorKind::corrupt, "the saved timeline is cut off");
    const auto values = saved.substr(0, saved.size() - sizeof checksum);
    std::memcpy(&checksum, saved.data() + values.size(), sizeof checksum);
    if (checksum != checksum_of(values)) return fail(ErrorKind::corrupt, "the saved timeline is damaged");
    ValueReader from(values);
    if (from.take<std::uint32_t>() != kFormat || from.take<std::uint32_t>() != fingerprint::Params::kVersion)
        return fail(ErrorKind::unsupported, "another version of the program saved the timeline");
    const auto windows = static_cast<std::size_t>(from.take<std::uint64_t>());
    const auto next_transformed = static_cast<std::size_t>(from.take<std::uint64_t>());
    const auto next_number = static_cast<std::size_t>(from.take<std::uint64_t>());
    std::vector<bool> silent(from.take_count(sizeof(bool)));
    for (std::size_t cell = 0; cell < silent.size(); ++cell) silent[cell] = from.take<bool>();
    auto active = take_all(from);
    auto kept = take_all(from);
    if (!from.ok() || !from.at_end()) return fail(ErrorKind::corrupt, "the saved timeline is damaged");
    resumed_windows_ = windows;
    next_transformed_ = next_transformed;
    next_number_ = next_number;
    silent_ = std::move(silent);
    active_ = std::move(active);
    kept_ = std::move(kept);
    return snapshot_.status();
}

}  // namespace audio_ident::timeline
