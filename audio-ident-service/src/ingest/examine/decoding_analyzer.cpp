#include "ingest/examine/decoding_analyzer.hpp"

#include <exception>
#include <utility>

#include "audio/chromaprint.hpp"
#include "fingerprint/extractor.hpp"
#include "fingerprint/params.hpp"

namespace audio_ident::ingest {

namespace {

static_assert(fingerprint::kSampleRateHz == audio::ChromaprintCalculator::kSampleRateHz,
              "one resampling feeds all consumers");
static_assert(fingerprint::kSampleRateHz == audio::Waveform::kSampleRateHz);

Result<TrackEmbedding> finish(embedding::EmbeddingStream& stream, const embedding::Model& model) {
    auto embedding = stream.finish();
    if (!embedding) return forward(embedding);
    return track_embedding(model, std::move(*embedding));
}

/// Fails when there is nothing to index.
Result<void> check_music(const Analysis& analysis) {
    if (analysis.decoded.duration_seconds < kMinSeconds) {
        return Unexpected(Error{ErrorKind::invalid_input,
                                fmt::format("no music to index: {:.2f} s of audio, at least {:.0f} s are needed",
                                            analysis.decoded.duration_seconds, kMinSeconds),
                                Reason::audio_too_short});
    }
    if (analysis.fingerprint.peaks.empty()) {
        return fail(ErrorKind::invalid_input, "no music to index: the audio is silent");
    }
    return {};
}

void add_embedding(Analysis& analysis, Result<TrackEmbedding> embedding) {
    if (embedding) analysis.embedding = std::move(*embedding);
    else analysis.embedding_failure = embedding.error();
}

class DecodingAnalyzer : public Analyzer {
  public:
    DecodingAnalyzer(const audio::Decoder& decoder, const embedding::Embedder* embedder)
        : decoder_(decoder), embedder_(embedder) {}

    Result<Analysis> analyse(const std::filesystem::path& path, std::optional<int> audio_stream,
                             const Deadline& deadline) override {
        try {
            return analyse_once(path, audio_stream, deadline);
        } catch (const std::exception& error) {
            return fail(ErrorKind::internal, "the analysis failed: {}", error.what());
        }
    }

  private:
    Result<Analysis> analyse_once(const std::filesystem::path& path, std::optional<int> audio_stream,
                                  const Deadline& deadline) {
        extractor_.reset();
        waveform_.reset();
        audio::ChromaprintCalculator chromaprint;
        const bool shares = embedder_ && embedder_->model().sample_rate == fingerprint::kSampleRateHz;
        const auto stream = shares ? embedder_->stream(deadline) : nullptr;
        Result<void> embedded;
        audio::DecodeOptions options;
        options.sample_rate_hz = fingerprint::kSampleRateHz;
        options.deadline = deadline;
        options.stream = audio_stream;
        auto decoded = decoder_.decode(path, options, [&](std::span<const float> samples) {
            extractor_.consume(samples);
            chromaprint.consume(samples);
            waveform_.consume(samples);
            if (stream && embedded) embedded = stream->consume(samples);
            return audio::Flow::proceed;
        });
        if (!decoded) return forward(decoded);
        Analysis analysis;
        analysis.decoded = std::move(*decoded);
        analysis.fingerprint = extractor_.finish();
        analysis.waveform = waveform_.finish();
        if (auto music = check_music(analysis); !music) return forward(music);
        if (auto content = chromaprint.finish()) {
            analysis.chromaprint = std::move(content->text);
            analysis.chromaprint_seconds = content->duration_seconds;
        }
        if (embedder_) {
            // A model with another sample rate takes so long that decoding the file again does not matter.
            add_embedding(analysis, !shares    ? embed_file(decoder_, *embedder_, path, audio_stream, deadline)
                                    : embedded ? finish(*stream, embedder_->model())
                                               : Result<TrackEmbedding>(forward(embedded)));
        }
        return analysis;
    }

    const audio::Decoder& decoder_;
    const embedding::Embedder* embedder_;
    fingerprint::Extractor extractor_;
    audio::Waveform waveform_;
};

}  // namespace

MakeAnalyzer decoding_analyzer(const audio::Decoder& decoder, const embedding::Embedder* embedder) {
    return [&decoder, embedder] { return std::make_unique<DecodingAnalyzer>(decoder, embedder); };
}

Result<TrackEmbedding> embed_file(const audio::Decoder& decoder, const embedding::Embedder& embedder,
                                  const std::filesystem::path& path, std::optional<int> audio_stream,
                                  const Deadline& deadline) {
    const auto stream = embedder.stream(deadline);
    audio::DecodeOptions options;
    options.sample_rate_hz = static_cast<int>(embedder.model().sample_rate);
    options.deadline = deadline;
    options.stream = audio_stream;
    Result<void> embedded;
    const auto decoded = decoder.decode(path, options, [&](std::span<const float> samples) {
        embedded = stream->consume(samples);
        return embedded ? audio::Flow::proceed : audio::Flow::stop;
    });
    if (!decoded) return forward(decoded);
    if (!embedded) return forward(embedded);
    return finish(*stream, embedder.model());
}

}  // namespace audio_ident::ingest
