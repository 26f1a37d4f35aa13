#pragma once

#include "ingest/track_pass.hpp"

namespace audio_ident::ingest {

struct ReembedParts {
    Stores stores;  ///< with vectors
    /// On any thread. Fails like audio::Decoder::decode().
    TrackPass<TrackEmbedding>::Read embed;
    const util::FileLock& lock;  ///< of the data folder
};

/// Gives ready tracks vectors and tags from their files: `audio-ident reembed`. `missing`: those that the space of the
/// vector store does not have. Vectors without a track are removed. The next run does what a stop or a failure left.
PassReport reembed(const ReembedParts& parts, const PassRequest& request, IngestObserver& observer,
                   const std::stop_token& stop);

}  // namespace audio_ident::ingest
