#include "ingest/commit/original_finder.hpp"

#include <utility>

#include "ingest/commit/row_file.hpp"

namespace audio_ident::ingest {

namespace {

/// More tracks that begin alike are versions upon versions of one song; the best of them tell enough.
constexpr std::size_t kMaxCompared = 16;

}  // namespace

Result<Relatives> OriginalFinder::find(const TrackId& self, const Analysis& analysis) {
    Relatives relatives;
    if (!duplicates_ || !analysis.chromaprint) return relatives;
    auto ids = duplicates_->find(self, *analysis.chromaprint, analysis.decoded.duration_seconds,
                                 [this](const TrackId& other) { return chromaprint_of(other); });
    if (!ids) return forward(ids);
    if (ids->size() > kMaxCompared) ids->resize(kMaxCompared);
    for (const TrackId& id : *ids) {
        auto row = row_of(id);
        if (!row) return forward(row);
        if (!*row) continue;
        const auto shared = overlap(analysis, **row);
        if (!shared) return forward(shared);
        if (!*shared) continue;
        if (are_copies(**shared)) return Relatives{.original = std::move(*row)};
        if ((*shared)->common_seconds <= relatives.common_seconds) continue;
        relatives.kin = std::move(*row);
        relatives.common_seconds = (*shared)->common_seconds;
    }
    return relatives;
}

Result<std::optional<catalog::Track>> OriginalFinder::row_of(const TrackId& id) {
    if (const BatchEntry* entry = batch_.find(id)) return std::optional(entry->row);
    return stores_.catalog.find(id, stores_.deadline());
}

Result<std::optional<Overlap>> OriginalFinder::overlap(const Analysis& analysis, const catalog::Track& known) {
    const Recording fresh{analysis.fingerprint.peaks, analysis.fingerprint.frames, analysis.waveform};
    if (const BatchEntry* entry = batch_.find(known.id)) {
        return compare_.lay_over(fresh, {entry->fingerprint.peaks, entry->fingerprint.frames, entry->waveform});
    }
    const auto stored = stores_.fingerprints.find(known.id, stores_.deadline());
    if (!stored) return forward(stored);
    if (!*stored) return std::optional<Overlap>();
    // The peaks of another version are others.
    if ((*stored)->params_version != fingerprint::Params::kVersion) return overlap_with_file(fresh, known);
    const auto waveform =
        stores_.waveforms ? stores_.waveforms->find(known.file_hash_sha256) : std::optional<audio::WaveformPeaks>();
    return compare_.lay_over(fresh, {(*stored)->peaks, (*stored)->frames, waveform.value_or(audio::WaveformPeaks())});
}

Result<std::optional<Overlap>> OriginalFinder::overlap_with_file(const Recording& fresh, const catalog::Track& known) {
    const auto again = examiner_.analyse(known);
    if (!again && again.error().kind == ErrorKind::timeout) return forward(again);
    if (!again) return std::optional<Overlap>();
    return compare_.lay_over(fresh, {again->fingerprint.peaks, again->fingerprint.frames, again->waveform});
}

Result<void> OriginalFinder::add(const TrackId& id, const Analysis& analysis) {
    if (!duplicates_ || !analysis.chromaprint) return {};
    return duplicates_->add(id, *analysis.chromaprint, analysis.decoded.duration_seconds);
}

Result<std::optional<std::string>> OriginalFinder::chromaprint_of(const TrackId& id) {
    if (const BatchEntry* entry = batch_.find(id)) return entry->row.chromaprint_fingerprint;
    const auto row = stores_.catalog.find(id, stores_.deadline());
    if (!row) return forward(row);
    // When the file of a track is gone, the same music may be added again: the new file replaces the old one.
    if (!*row || file_is_gone(**row, stores_.audio, stores_.deadline())) return std::optional<std::string>();
    return (*row)->chromaprint_fingerprint;
}

}  // namespace audio_ident::ingest
