#pragma once

#include <stop_token>

#include "ingest/ingest.hpp"
#include "ingest/pass.hpp"

namespace audio_ident::ingest {

/// Analyses the files of catalog tracks again and puts the fingerprints into the index: `audio-ident rebuild-index`.
/// The transaction that adds a track's new entry removes the old one, so that tracks stay searchable. Index entries
/// without a track are removed, half-done tracks become ready. PassScope::missing means the tracks that an interrupted
/// rebuild of an empty index left.
PassReport rebuild_index(const IngestParts& parts, const PassRequest& request, IngestObserver& observer,
                         const std::stop_token& stop);

}  // namespace audio_ident::ingest
