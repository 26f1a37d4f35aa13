#pragma once

#include <functional>
#include <stop_token>
#include <string>

#include "ingest/commit/change_lock.hpp"
#include "ingest/examine/track_embedding.hpp"
#include "ingest/pass.hpp"

namespace audio_ident::ingest {

struct ReembedParts {
    Stores stores;  ///< with vectors
    /// Embeds one file, this stream of it (see audio::DecodeOptions). On any thread. Fails like
    /// audio::Decoder::decode().
    std::function<Result<TrackEmbedding>(const std::filesystem::path&, std::optional<int>, const Deadline&)> embed;
    const ChangeLock& lock;
    std::string model;  ///< its name in the rows of the tracks
};

/// Gives ready tracks vectors and tags, made from their files: `audio-ident reembed`. PassScope::missing means the
/// tracks that the vector store's space does not have, and those whose rows a crash kept from naming the model. Vectors
/// without a track are removed. The next run continues after a stop or a failure.
PassReport reembed(const ReembedParts& parts, const PassRequest& request, IngestObserver& observer,
                   const std::stop_token& stop);

}  // namespace audio_ident::ingest
