#include "live/hypotheses.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace audio_ident::live {

namespace {

constexpr double kSameFrames = 1.5;  // of one place: votes lie within a frame of it

}  // namespace

float Hypotheses::Followed::votes() const {
    return std::accumulate(pieces.begin(), pieces.end(), 0.0F,
                           [](float sum, const Piece& piece) { return sum + piece.votes; });
}

void Hypotheses::add(std::span<const search::Hypothesis> found, double end_frame) {
    const std::size_t known = followed_.size();
    for (const search::Hypothesis& one : found) {
        const auto offset = static_cast<double>(one.candidate.offset);
        const auto first = followed_.begin();
        const auto same = std::find_if(first, first + static_cast<std::ptrdiff_t>(known), [&](const Followed& other) {
            return other.segment == one.candidate.segment && other.transform == one.transform &&
                   std::abs(other.offset - offset) <= kSameFrames;
        });
        const bool is_known = same != first + static_cast<std::ptrdiff_t>(known);
        if (!is_known) followed_.push_back({one.candidate.segment, offset, one.transform, {}});
        Followed& followed = is_known ? *same : followed_.back();
        // Two neighbouring maxima are the same votes.
        if (!followed.pieces.empty() && followed.pieces.back().end_frame == end_frame)
            followed.pieces.back().votes = std::max(followed.pieces.back().votes, one.candidate.votes);
        else followed.pieces.push_back({end_frame, one.candidate.votes});
    }
}

std::vector<search::Hypothesis> Hypotheses::all() const {
    std::vector<search::Hypothesis> all;
    all.reserve(followed_.size());
    for (const Followed& one : followed_)
        all.push_back({{one.segment, std::llround(one.offset), one.votes()}, one.transform});
    return all;
}

void Hypotheses::keep_best(std::span<const float> z) {
    if (followed_.size() <= kMost) return;
    std::vector<std::size_t> order(followed_.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return z[a] > z[b]; });
    std::vector<Followed> kept;
    for (const std::size_t i : std::span(order).first(kMost)) kept.push_back(std::move(followed_[i]));
    followed_ = std::move(kept);
}

void Hypotheses::slide(double frames) {
    for (Followed& one : followed_) {
        one.offset += frames * double(one.transform.time);
        for (Piece& piece : one.pieces) piece.end_frame -= frames;
        while (!one.pieces.empty() && one.pieces.front().end_frame <= 0) one.pieces.pop_front();
    }
    std::erase_if(followed_, [](const Followed& one) { return one.pieces.empty(); });
}

}  // namespace audio_ident::live
