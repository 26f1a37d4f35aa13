#include "ingest/commit/original_finder.hpp"

#include "ingest/commit/row_file.hpp"

namespace audio_ident::ingest {

Result<std::optional<catalog::Track>> OriginalFinder::find(const TrackId& self, const Analysis& analysis) {
    if (!duplicates_ || !analysis.chromaprint) return std::optional<catalog::Track>();
    const auto id = duplicates_->find(self, *analysis.chromaprint, analysis.decoded.duration_seconds,
                                      [this](const TrackId& other) { return chromaprint_of(other); });
    if (!id) return forward(id);
    if (!*id) return std::optional<catalog::Track>();
    if (const catalog::Track* row = batch_.find(**id)) return std::optional(*row);
    return stores_.catalog.find(**id, stores_.deadline());
}

Result<void> OriginalFinder::add(const TrackId& id, const Analysis& analysis) {
    if (!duplicates_ || !analysis.chromaprint) return {};
    return duplicates_->add(id, *analysis.chromaprint, analysis.decoded.duration_seconds);
}

Result<std::optional<std::string>> OriginalFinder::chromaprint_of(const TrackId& id) {
    if (const catalog::Track* row = batch_.find(id)) return row->chromaprint_fingerprint;
    const auto row = stores_.catalog.find(id, stores_.deadline());
    if (!row) return forward(row);
    // When the file of a track is gone, the same music may be added again: the new file replaces the old one.
    if (!*row || file_is_gone(**row)) return std::optional<std::string>();
    return (*row)->chromaprint_fingerprint;
}

}  // namespace audio_ident::ingest
