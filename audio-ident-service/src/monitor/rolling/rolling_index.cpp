#include "monitor/rolling/rolling_index.hpp"

#include <algorithm>
#include <spdlog/spdlog.h>
#include <utility>

#include "catalog/timestamp_text.hpp"

namespace audio_ident::monitor {
namespace {

constexpr int kWritesBetweenSweeps = 120;  // ten minutes
constexpr auto kForOneWrite = std::chrono::seconds(30);
constexpr auto kSameTime = std::chrono::milliseconds(200);

/// Adds the chunk's sound from bucket `first` on.
void add_sound(const fingerprint::Fingerprint& chunk, std::size_t first, timeline::PeakBuckets& sound) {
    auto begin = chunk.peaks.begin();
    const std::size_t buckets = (chunk.frames + fingerprint::kBucketFrames - 1) / fingerprint::kBucketFrames;
    for (std::size_t bucket = 0; bucket < buckets; ++bucket) {
        const auto end = std::find_if(begin, chunk.peaks.end(), [&](const fingerprint::Peak& peak) {
            return peak.frame / fingerprint::kBucketFrames > bucket;
        });
        if (bucket >= first) sound.add(std::span(begin, end));
        begin = end;
    }
}

}  // namespace

RollingIndex::RollingIndex(Stores stores, const Settings& settings) : stores_(stores), settings_(settings) {
    thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
}

RollingIndex::~RollingIndex() {
    thread_.request_stop();
    thread_.join();
    write();
}

void RollingIndex::put(const Uuid& monitor, Timestamp begin, fingerprint::Fingerprint chunk) {
    const std::lock_guard lock(mutex_);
    waiting_.insert_or_assign(chunk_id(monitor, begin), std::move(chunk));
    forget_oldest();
}

void RollingIndex::keep_only(std::vector<Uuid> monitors) {
    const std::lock_guard lock(mutex_);
    monitors_ = std::move(monitors);
}

void RollingIndex::run(const std::stop_token& stop) {
    for (int turn = 0;; ++turn) {
        {
            std::unique_lock lock(mutex_);
            never_.wait_for(lock, stop, settings_.pause, [] { return false; });
        }
        if (stop.stop_requested()) return;
        write();
        if (turn % kWritesBetweenSweeps == 0) sweep(stop);
    }
}

void RollingIndex::write() {
    const std::lock_guard turn(writing_);
    std::vector<index::TrackFingerprint> chunks;
    {
        const std::lock_guard lock(mutex_);
        for (auto& [id, chunk] : waiting_) chunks.push_back({id, std::move(chunk)});
        waiting_.clear();
    }
    if (chunks.empty()) return;
    const auto added = stores_.writer.add(chunks, Deadline::after(kForOneWrite));
    const std::string problem = added ? std::string() : added.error().message;
    if (!added) {
        if (problem != told_) spdlog::warn("what stations play cannot be kept for searches: {}", problem);
        const std::lock_guard lock(mutex_);
        for (auto& chunk : chunks) waiting_.try_emplace(chunk.id, std::move(chunk.fingerprint));
        forget_oldest();
    }
    told_ = problem;
}

/// With the mutex locked.
void RollingIndex::forget_oldest() {
    while (waiting_.size() > settings_.most_waiting)
        waiting_.erase(std::ranges::min_element(waiting_, {}, [](const auto& chunk) { return begin_of(chunk.first); }));
}

void RollingIndex::sweep(const std::stop_token& stop) {
    const auto deadline = Deadline::never(stop);
    auto gone = stores_.writer.tracks(deadline);
    if (!gone) return;
    std::optional<std::vector<Uuid>> monitors;
    {
        const std::lock_guard lock(mutex_);
        monitors = monitors_;
    }
    const auto oldest = catalog::current_timestamp() - settings_.keep;
    const auto is_unknown = [&](const TrackId& chunk) {
        return monitors &&
               std::ranges::none_of(*monitors, [&](const Uuid& monitor) { return is_chunk_of(chunk, monitor); });
    };
    std::erase_if(*gone, [&](const TrackId& chunk) { return begin_of(chunk) >= oldest && !is_unknown(chunk); });
    if (gone->empty()) return;
    const auto removed = stores_.writer.remove(*gone, deadline);
    if (removed) static_cast<void>(stores_.writer.compact(deadline));
}

Result<std::vector<HeardPiece>> RollingIndex::sound_of(const Uuid& monitor, Timestamp since, const Deadline& deadline) {
    write();
    auto chunks = stores_.writer.tracks(deadline);
    if (!chunks) return forward(chunks);
    std::erase_if(*chunks,
                  [&](const TrackId& chunk) { return !is_chunk_of(chunk, monitor) || begin_of(chunk) < since; });
    std::ranges::sort(*chunks, {}, [](const TrackId& chunk) { return begin_of(chunk); });
    std::vector<HeardPiece> pieces;
    Timestamp next{};  // when a chunk begins that goes on with the last piece
    for (const TrackId& id : *chunks) {
        const auto chunk = stores_.writer.find(id, deadline);
        if (!chunk) return forward(chunk);
        if (!*chunk) continue;  // removed meanwhile
        const auto begin = begin_of(id);
        const bool goes_on = !pieces.empty() && begin > next - kSameTime && begin < next + kSameTime;
        if (!goes_on) pieces.push_back({begin, timeline::PeakBuckets()});
        add_sound(**chunk, goes_on ? kLeadBuckets : 0, pieces.back().sound);
        next = begin + length_of_frames(std::int64_t{(kChunkBuckets - kLeadBuckets) * fingerprint::kBucketFrames});
    }
    return pieces;
}

}  // namespace audio_ident::monitor
