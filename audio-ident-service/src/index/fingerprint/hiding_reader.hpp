#pragma once

#include <memory>
#include <utility>
#include <vector>

#include "index/fingerprint/reader.hpp"

namespace audio_ident::index {

/// Reads an index as if some of its tracks were not there. It shows what a search finds when the right answer is
/// missing.
class HidingReader : public FingerprintIndexReader {
  public:
    /// `reader` outlives it.
    HidingReader(FingerprintIndexReader& reader, std::vector<TrackId> hidden)
        : reader_(reader), hidden_(std::move(hidden)) {}

    Result<std::unique_ptr<FingerprintSnapshot>> snapshot(const Deadline& deadline) override;

  private:
    FingerprintIndexReader& reader_;
    std::vector<TrackId> hidden_;
};

}  // namespace audio_ident::index
