#include "embedding/models.hpp"

#include "embedding/musicnn.hpp"

namespace audio_ident::embedding {

Result<std::unique_ptr<Embedder>> open_embedder(const std::string& model, unsigned streams) {
    if (model == "musicnn") return make_musicnn(streams);
    return fail(ErrorKind::not_available, "this program cannot run the model {} yet; set EMBEDDING_MODEL=musicnn",
                model);
}

}  // namespace audio_ident::embedding
