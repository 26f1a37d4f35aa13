#pragma once

#include "ingest/track_pass.hpp"

namespace audio_ident::ingest {

/// Analyses the files of catalog tracks again and puts the result into the fingerprint index: `audio-ident rebuild-index`.
/// A track's entry is replaced in the transaction that adds the new one, so that what was searchable stays so. Index
/// entries without a track are removed. Half-done tracks become ready. `missing`: what an interrupted rebuild of an empty
/// index left.
PassReport rebuild_index(const IngestParts& parts, const PassRequest& request, IngestObserver& observer,
                         const std::stop_token& stop);

}  // namespace audio_ident::ingest
