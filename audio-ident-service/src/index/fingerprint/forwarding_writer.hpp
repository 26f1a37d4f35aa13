#pragma once

#include "index/fingerprint/writer.hpp"

namespace audio_ident::index {

/// A writer that passes everything on. Derived classes do more.
class ForwardingWriter : public FingerprintIndexWriter {
  public:
    /// `writer` outlives it.
    explicit ForwardingWriter(FingerprintIndexWriter& writer) : writer_(writer) {}

    Result<void> add(std::span<const TrackFingerprint> tracks, const Deadline& deadline) override {
        return writer_.add(tracks, deadline);
    }
    Result<std::size_t> remove(std::span<const TrackId> ids, const Deadline& deadline) override {
        return writer_.remove(ids, deadline);
    }
    Result<bool> contains(const TrackId& id, const Deadline& deadline) override {
        return writer_.contains(id, deadline);
    }
    Result<std::optional<fingerprint::Fingerprint>> find(const TrackId& id, const Deadline& deadline) override {
        return writer_.find(id, deadline);
    }
    Result<std::vector<TrackId>> tracks(const Deadline& deadline) override { return writer_.tracks(deadline); }
    Result<std::vector<TrackId>> outdated(const Deadline& deadline) override { return writer_.outdated(deadline); }
    Result<void> compact(const Deadline& deadline) override { return writer_.compact(deadline); }
    Result<void> clear(const Deadline& deadline) override { return writer_.clear(deadline); }

  private:
    FingerprintIndexWriter& writer_;
};

}  // namespace audio_ident::index
