#include "embedding/models.hpp"

#include <algorithm>

#include "embedding/clap.hpp"
#include "embedding/musicnn.hpp"

namespace audio_ident::embedding {

namespace {

constexpr KnownModel kModels[] = {
    {.name = "musicnn",
     .about = "small and fast, robust to noise and rooms; assigns tags",
     .checkpoint = {},
     .reads_text = false},
    {.name = "clap-htsat-large",
     .about = "LAION CLAP for music and speech; large, supports text search",
     .checkpoint = "laion/larger_clap_music_and_speech",
     .reads_text = true},
    {.name = "clap-htsat-unfused",
     .about = "LAION CLAP, smaller checkpoint; supports text search",
     .checkpoint = "laion/clap-htsat-unfused",
     .reads_text = true},
};

}  // namespace

std::span<const KnownModel> known_models() {
    return kModels;
}

const KnownModel* find_model(std::string_view name) {
    if (name == "clap") name = "clap-htsat-large";
    const auto* found = std::find_if(std::begin(kModels), std::end(kModels),
                                     [&](const KnownModel& model) { return model.name == name; });
    return found == std::end(kModels) ? nullptr : found;
}

Result<std::unique_ptr<Embedder>> open_embedder(const std::string& model, unsigned streams,
                                                const ModelStore& installed) {
    if (model == "musicnn") return make_musicnn(streams);
    const auto folder = installed.installed(model);
    if (!folder) return forward(folder);
    return open_clap(*folder, streams);
}

}  // namespace audio_ident::embedding
