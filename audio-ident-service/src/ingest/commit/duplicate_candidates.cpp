#include "ingest/commit/duplicate_candidates.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <utility>

namespace audio_ident::ingest {

namespace {

constexpr double kBucketRatio = 1.05;  ///< of durations, from a bucket's begin to its end

int bucket_of(double duration_seconds) {
    return static_cast<int>(std::floor(std::log(std::max(duration_seconds, 1e-3)) / std::log(kBucketRatio)));
}

}  // namespace

DuplicateCandidates::DuplicateCandidates(catalog::Catalog& catalog, MusicComparison functions,
                                         std::chrono::seconds store_timeout)
    : catalog_(catalog), functions_(std::move(functions)), store_timeout_(store_timeout) {}

Result<DuplicateCandidates::Bucket*> DuplicateCandidates::bucket(int number) {
    const auto [found, fresh] = buckets_.try_emplace(number);
    if (!fresh) return &found->second;
    Bucket loaded;
    // Asks for a little more than the bucket, so that rounding loses no track.
    const double low = std::pow(kBucketRatio, number) * 0.999;
    const double high = std::pow(kBucketRatio, number + 1) * 1.001;
    auto done = catalog_.for_each_chromaprint(
        low, high,
        [&](const TrackId& id, double duration_seconds, const std::string& text) {
            if (bucket_of(duration_seconds) != number) return;
            loaded.push_back({id, duration_seconds, ChromaprintSketch(functions_.words(text))});
        },
        Deadline::after(store_timeout_));
    if (!done) {
        buckets_.erase(found);
        return forward(done);
    }
    // Sorted, so that the database does not decide which of two equally similar tracks is named.
    std::sort(loaded.begin(), loaded.end(), [](const Entry& a, const Entry& b) { return a.id < b.id; });
    found->second = std::move(loaded);
    return &found->second;
}

Result<std::vector<TrackId>> DuplicateCandidates::find(const TrackId& self, const std::string& text,
                                                       double duration_seconds, const TextOf& text_of) {
    const std::vector<std::uint32_t> words = functions_.words(text);
    if (words.empty()) return std::vector<TrackId>();
    const ChromaprintSketch::Probe probe(words);
    const double low = duration_seconds * (1 - kDuplicateDurationTolerance);
    const double high = duration_seconds / (1 - kDuplicateDurationTolerance);
    std::vector<std::pair<double, TrackId>> found;
    for (int number = bucket_of(low); number <= bucket_of(high); ++number) {
        const auto entries = bucket(number);
        if (!entries) return forward(entries);
        for (const Entry& entry : **entries) {
            if (entry.id == self || entry.duration_seconds < low || entry.duration_seconds > high) continue;
            if (!probe.may_match(entry.sketch)) continue;
            const auto other = text_of(entry.id);
            if (!other) return forward(other);
            if (!*other) continue;
            const double similarity = functions_.similarity(words, functions_.words(**other));
            if (similarity >= kDuplicateSimilarity) found.emplace_back(similarity, entry.id);
        }
    }
    std::ranges::stable_sort(found, std::greater<>(), &std::pair<double, TrackId>::first);
    std::vector<TrackId> ids;
    for (const auto& one : found) ids.push_back(one.second);
    return ids;
}

Result<void> DuplicateCandidates::add(const TrackId& id, const std::string& text, double duration_seconds) {
    // Loads the bucket first: later the catalog has the track too, and the bucket would have it twice.
    const auto entries = bucket(bucket_of(duration_seconds));
    if (!entries) return forward(entries);
    (*entries)->push_back({id, duration_seconds, ChromaprintSketch(functions_.words(text))});
    return {};
}

}  // namespace audio_ident::ingest
