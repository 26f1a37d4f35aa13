#pragma once

#include <memory>
#include <utility>

#include "ingest/examine/analyzer.hpp"
#include "ingest/track_pass.hpp"

namespace audio_ident::ingest {

/// Analyses the files of a pass with an analyzer of its own.
class AnalysisReader final : public TrackPass<Analysis>::Reader {
  public:
    explicit AnalysisReader(std::unique_ptr<Analyzer> analyzer) : analyzer_(std::move(analyzer)) {}
    Result<Analysis> read(const PassTrack& track, const Deadline& deadline) override {
        return analyzer_->analyse(track.path, track.row.audio_stream, deadline);
    }

  private:
    std::unique_ptr<Analyzer> analyzer_;
};

}  // namespace audio_ident::ingest
