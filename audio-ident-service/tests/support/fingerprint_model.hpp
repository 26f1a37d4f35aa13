#pragma once

#include <algorithm>
#include <gtest/gtest.h>
#include <map>
#include <tuple>
#include <vector>

#include "fingerprint/landmark.hpp"
#include "index/fingerprint/reader.hpp"
#include "support/random.hpp"

namespace audio_ident::test {

/// A brute-force model of what a fingerprint index should store and find.
class FingerprintModel {
  public:
    void add(const TrackId& id, const fingerprint::Fingerprint& fingerprint) {
        tracks_[id] = fingerprint;
        sorted_ = false;
    }
    bool remove(const TrackId& id) {
        sorted_ = false;
        return tracks_.erase(id) != 0;
    }
    void clear() {
        tracks_.clear();
        sorted_ = false;
    }
    const std::map<TrackId, fingerprint::Fingerprint>& tracks() const { return tracks_; }

    std::vector<TrackId> ids() const {
        std::vector<TrackId> ids;
        for (const auto& [id, fingerprint] : tracks_) ids.push_back(id);
        return ids;
    }

    /// Compares a snapshot with the model in `count` random look-ups and at several places.
    void expect_same(const index::FingerprintSnapshot& snapshot, std::uint64_t seed, int count = 60) {
        Random random(seed);
        EXPECT_EQ(snapshot.stats().tracks, tracks_.size());
        std::uint64_t frames = 0;
        for (const auto& [id, fingerprint] : tracks_) frames += fingerprint.frames;
        EXPECT_EQ(snapshot.stats().frames, frames);
        std::vector<index::Lookup> lookups;
        for (int i = 0; i < count; ++i) lookups.push_back(random_lookup(random));
        std::sort(lookups.begin(), lookups.end());
        for (const index::Lookup& lookup : lookups) {
            ASSERT_EQ(found(snapshot, lookup), expected(lookup)) << lookup.first << " to " << lookup.last;
        }
        expect_batches_like_singles(snapshot, lookups);
        expect_peaks(snapshot, random);
    }

  private:
    struct Hit {
        TrackId track;
        std::uint32_t frame;
        auto operator<=>(const Hit&) const = default;
    };
    struct Posting {
        index::Key key;
        Hit hit;
    };

    friend std::ostream& operator<<(std::ostream& out, const Hit& hit) {
        return out << hit.track.to_string() << "@" << hit.frame;
    }

    index::Lookup random_lookup(Random& random) {
        sort();
        index::Key first = static_cast<index::Key>(random.next() % fingerprint::kKeys);
        if (!postings_.empty() && random.below(4) != 0) first = postings_[random.next() % postings_.size()].key;
        const std::uint64_t reach = random.below(5) == 0 ? 100000 : 3;
        const std::uint64_t last = std::min<std::uint64_t>(first + random.next() % reach, fingerprint::kKeys - 1);
        return {first, static_cast<index::Key>(last), random.below(1000)};
    }

    void sort() {
        if (sorted_) return;
        postings_.clear();
        for (const auto& [id, fingerprint] : tracks_) {
            for (const auto& landmark : fingerprint::reference_landmarks(fingerprint.peaks)) {
                postings_.push_back({landmark.key, {id, landmark.frame}});
            }
        }
        std::sort(postings_.begin(), postings_.end(), [](const Posting& a, const Posting& b) { return a.key < b.key; });
        sorted_ = true;
    }

    std::vector<Hit> expected(const index::Lookup& lookup) {
        sort();
        std::vector<Hit> hits;
        auto at = std::lower_bound(postings_.begin(), postings_.end(), lookup.first,
                                   [](const Posting& p, index::Key key) { return p.key < key; });
        for (; at != postings_.end() && at->key <= lookup.last; ++at) hits.push_back(at->hit);
        std::sort(hits.begin(), hits.end());
        return hits;
    }

    static std::vector<Hit> found(const index::FingerprintSnapshot& snapshot, const index::Lookup& lookup) {
        constexpr std::int32_t kBias = 5000;
        std::vector<Hit> hits;
        for (std::size_t segment = 0; segment < snapshot.segments().size(); ++segment) {
            std::vector<std::uint32_t> offsets;
            snapshot.find(segment, std::span(&lookup, 1), kBias, offsets);
            EXPECT_GE(snapshot.count_bound(segment, lookup), offsets.size());
            for (const std::uint32_t offset : offsets) {
                const std::uint32_t position = offset + static_cast<std::uint32_t>(lookup.frame - kBias);
                EXPECT_LT(position, snapshot.segments()[segment].frames);
                const auto location = snapshot.locate(segment, position);
                if (!location) continue;  // The place belongs to a removed track.
                EXPECT_LT(position - location->begin, location->frames);
                hits.push_back({snapshot.track_id(location->track), position - location->begin});
            }
        }
        std::sort(hits.begin(), hits.end());
        return hits;
    }

    static void expect_batches_like_singles(const index::FingerprintSnapshot& snapshot,
                                            const std::vector<index::Lookup>& lookups) {
        for (std::size_t segment = 0; segment < snapshot.segments().size(); ++segment) {
            std::vector<std::uint32_t> batch = {77};
            std::vector<std::uint32_t> singles = {77};
            snapshot.find(segment, lookups, 2000, batch);
            for (const auto& lookup : lookups) snapshot.find(segment, std::span(&lookup, 1), 2000, singles);
            EXPECT_EQ(batch, singles);
        }
    }

    // Compares the peaks of tracks that contain some of the places.
    void expect_peaks(const index::FingerprintSnapshot& snapshot, Random& random) const {
        for (std::size_t segment = 0; segment < snapshot.segments().size(); ++segment) {
            const std::uint32_t frames = snapshot.segments()[segment].frames;
            EXPECT_FALSE(snapshot.locate(segment, frames));
            for (int i = 0; i < 3 && frames > 0; ++i) {
                const auto location = snapshot.locate(segment, static_cast<std::uint32_t>(random.next() % frames));
                if (!location) continue;
                const auto track = tracks_.find(snapshot.track_id(location->track));
                ASSERT_NE(track, tracks_.end());
                const auto& fingerprint = track->second;
                EXPECT_EQ(location->frames, std::max(fingerprint.frames, 1U));
                const auto first = static_cast<std::uint32_t>(random.next() % location->frames);
                const auto end = first + static_cast<std::uint32_t>(random.next() % 2000);
                std::vector<fingerprint::Peak> some = {{7, 7, 7}};
                std::vector<fingerprint::Peak> all = some;
                snapshot.peaks(location->track, first, end, some);
                for (fingerprint::Peak peak : fingerprint.peaks) {
                    peak.strength = 0;
                    if (peak.frame >= first && peak.frame < end) all.push_back(peak);
                }
                EXPECT_EQ(some, all);
            }
        }
    }

    std::map<TrackId, fingerprint::Fingerprint> tracks_;
    bool sorted_ = false;
    std::vector<Posting> postings_;
};

}  // namespace audio_ident::test
