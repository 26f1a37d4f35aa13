#include "search/vibe_library.hpp"

#include <algorithm>
#include <tuple>

namespace audio_ident::search {

namespace {

bool fits(const SimilarityScale& scale, std::uint64_t tracks) {
    return 4 * scale.tracks >= 3 * tracks && 4 * scale.tracks <= 5 * tracks;
}

}  // namespace

Result<std::vector<index::TrackVectors>> VibeLibrary::sample(const Deadline& deadline) const {
    std::vector<TrackId> ids;
    const auto done =
        catalog_.for_each_file([&](const catalog::FileRecord& file) { ids.push_back(file.id); }, deadline);
    if (!done) return forward(done);
    std::sort(ids.begin(), ids.end());  // ids are random, so the first ones are a random sample
    // Some tracks have no vectors, so this asks for more than it needs.
    constexpr std::size_t kAtOnce = 64;
    std::vector<index::TrackVectors> found;
    for (std::size_t i = 0; i < ids.size() && found.size() < kScaleSample; i += kAtOnce) {
        auto some = vectors_.vectors(std::span(ids).subspan(i, std::min(kAtOnce, ids.size() - i)), deadline);
        if (!some) return forward(some);
        for (auto& track : *some) {
            if (!track.start_seconds.empty() && found.size() < kScaleSample) found.push_back(std::move(track));
        }
    }
    return found;
}

Result<VibeLane> VibeLibrary::lane(const Deadline& deadline) {
    const auto stats = vectors_.stats(deadline);
    if (!stats) return forward(stats);
    if (stats->tracks == 0) {
        return fail(ErrorKind::not_available, "no track has vectors of the model {} yet; run `audio-ident reembed`",
                    embedder_.model().name);
    }
    const VibeLane unmeasured(vectors_, usual_scale(embedder_.model()));
    if (stats->tracks < kFewestForScale) return unmeasured;
    const std::lock_guard lock(mutex_);
    const std::string space = embedder_.model().space();
    if (scale_is_old_.exchange(false)) scale_.reset();
    if (!scale_ || !fits(*scale_, stats->tracks)) scale_ = read_scale(documents_, space, deadline);
    if (!scale_ || !fits(*scale_, stats->tracks)) {
        const auto tracks = sample(deadline);
        if (!tracks) return forward(tracks);
        scale_ = measure_scale(*tracks, stats->tracks);
        if (!scale_) return unmeasured;
        // A scale that cannot be stored is measured again by the next process.
        std::ignore = write_scale(documents_, space, *scale_, deadline);
    }
    return VibeLane(vectors_, *scale_);
}

Result<std::vector<SoundAlike>> VibeLibrary::search_text(std::string_view text, const VibeOptions& options) {
    const auto& model = embedder_.model();
    if (!model.reads_text) {
        return fail(
            ErrorKind::unsupported,
            "the model {} does not understand text; run `audio-ident model install clap` and `audio-ident model use "
            "clap` for one that does",
            model.name);
    }
    const auto lane_now = lane(options.deadline);
    if (!lane_now) return forward(lane_now);
    const auto vector = embedder_.embed_text(text, options.deadline);
    if (!vector) return forward(vector);
    const auto tracks = sample(options.deadline);
    if (!tracks) return forward(tracks);
    return lane_now->search_text(*vector, measure_scale(*tracks, std::span<const float>(*vector)), options);
}

}  // namespace audio_ident::search
