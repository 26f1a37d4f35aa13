#include "library/sounds_like.hpp"

#include <algorithm>
#include <map>

namespace audio_ident::library {
namespace {

constexpr std::size_t kMostWindows = 3;
constexpr std::size_t kMostNamed = 3;
constexpr double kSecondsAWindow = 30;  // of a stretch; the network takes a seventh of a second for a window

double length_of(const NamedGap& named) {
    return named.gap.where.end - named.gap.where.begin;
}

/// The stretches to describe: each one without a name, and the longest one of each name.
std::vector<NamedGap*> to_describe(std::vector<NamedGap>& gaps) {
    std::vector<NamedGap*> chosen;
    std::map<std::uint32_t, NamedGap*> longest;
    for (NamedGap& named : gaps) {
        if (named.gap.kind != timeline::GapKind::unknown || length_of(named) < kShortestDescribed) continue;
        if (named.gap.number == 0) {
            chosen.push_back(&named);
            continue;
        }
        auto& best = longest[named.gap.number];
        if (best == nullptr || length_of(named) > length_of(*best)) best = &named;
    }
    for (const auto& [number, named] : longest) chosen.push_back(named);
    return chosen;
}

Result<std::vector<embedding::Chunk>> describe_window(const SoundsLikeParts& parts, const embedding::Embedder& embedder,
                                                      const audio::Source& recording, double begin, double seconds,
                                                      const Deadline& deadline) {
    const auto stream = embedder.clip_stream(deadline);
    audio::DecodeOptions decode;
    decode.sample_rate_hz = static_cast<int>(embedder.model().sample_rate);
    decode.max_seconds = seconds;
    decode.begin_seconds = begin;
    decode.deadline = deadline;
    Result<void> consumed;
    const auto decoded = parts.decoder.decode(recording, decode, [&](std::span<const float> samples) {
        consumed = stream->consume(samples);
        return consumed ? audio::Flow::proceed : audio::Flow::stop;
    });
    if (!consumed) return forward(consumed);
    if (!decoded) return forward(decoded);
    auto embedding = stream->finish();
    if (!embedding) return forward(embedding);
    return std::move(embedding->chunks);
}

/// Windows of the model's length, spread evenly; the whole of a shorter stretch.
Result<std::vector<embedding::Chunk>> describe(const SoundsLikeParts& parts, const embedding::Embedder& embedder,
                                               const audio::Source& recording, const timeline::Span& where,
                                               const Deadline& deadline) {
    const double length = where.end - where.begin;
    const double window = std::min(length, embedder.model().window_seconds);
    const auto count = std::clamp(static_cast<std::size_t>(length / kSecondsAWindow), std::size_t{1}, kMostWindows);
    std::vector<embedding::Chunk> chunks;
    for (std::size_t i = 0; i < count; ++i) {
        const double middle = where.begin + length * (double(i) + 0.5) / double(count);
        auto some = describe_window(parts, embedder, recording, middle - window / 2, window, deadline);
        if (!some) return some;
        std::ranges::move(*some, std::back_inserter(chunks));
    }
    return chunks;
}

Result<std::vector<search::SoundAlike>> alike(const SoundsLikeParts& parts, const VibeParts& vibe,
                                              const audio::Source& recording, const timeline::Span& where,
                                              const Deadline& deadline) {
    const auto chunks = describe(parts, *vibe.embedder, recording, where, deadline);
    if (!chunks) return forward(chunks);
    return vibe.lane.search(
        *chunks, {.max_results = kMostNamed, .min_similarity = kCloseSimilarity, .order = {}, .deadline = deadline});
}

void share_between_those_of_one_name(std::vector<NamedGap>& gaps, const std::vector<NamedGap*>& described) {
    std::map<std::uint32_t, const NamedGap*> by_number;
    for (const NamedGap* named : described) by_number.emplace(named->gap.number, named);
    for (NamedGap& named : gaps) {
        if (named.gap.number > 0 && by_number.contains(named.gap.number))
            named.sounds_like = by_number.at(named.gap.number)->sounds_like;
    }
}

}  // namespace

Result<void> name_sounds_alike(const SoundsLikeParts& parts, const audio::Source& recording,
                               std::vector<NamedGap>& gaps, const Deadline& deadline) {
    const auto chosen = to_describe(gaps);
    if (chosen.empty() || !parts.vibe) return {};
    const auto vibe = parts.vibe(deadline);
    if (!vibe) return {};
    std::vector<Result<std::vector<search::SoundAlike>>> found(chosen.size());
    parts.computing.for_each(chosen.size(), parts.computing.width(), [&](std::size_t i, std::size_t) {
        if (!deadline.expired()) found[i] = alike(parts, *vibe, recording, chosen[i]->gap.where, deadline);
    });
    if (deadline.expired()) return fail(ErrorKind::timeout, "the unknown stretches could not be described in time");
    for (std::size_t i = 0; i < chosen.size(); ++i) {
        if (!found[i]) continue;
        auto named = name_sounds(parts.catalog, *found[i], deadline);
        if (!named) return forward(named);
        chosen[i]->sounds_like = std::move(*named);
    }
    share_between_those_of_one_name(gaps, chosen);
    return {};
}

}  // namespace audio_ident::library
