#include "storage/fetching_decoder.hpp"

namespace audio_ident::storage {

namespace {

class FetchingDecoder final : public audio::Decoder {
  public:
    FetchingDecoder(std::unique_ptr<audio::Decoder> decoder, AudioStore& store)
        : decoder_(std::move(decoder)), store_(store) {}

    Result<audio::DecodeSummary> decode(const audio::Source& source, const audio::DecodeOptions& options,
                                        const audio::PcmSink& sink) const override {
        const auto here = opened(source, options.deadline);
        if (!here) return forward(here);
        return decoder_->decode(*here, options, sink);
    }

    Result<audio::StreamInfo> probe(const audio::Source& source, const Deadline& deadline) const override {
        const auto here = opened(source, deadline);
        if (!here) return forward(here);
        return decoder_->probe(*here, deadline);
    }

    Result<std::unique_ptr<audio::StreamDecoding>> decode_stream(const std::string& name,
                                                                 const audio::DecodeOptions& options) const override {
        return decoder_->decode_stream(name, options);
    }

  private:
    Result<audio::Source> opened(const audio::Source& source, const Deadline& deadline) const {
        const auto* path = std::get_if<std::filesystem::path>(&source);
        if (!path) return source;
        auto here = store_.open(*path, deadline);
        if (!here) return forward(here);
        return audio::Source(std::move(*here));
    }

    std::unique_ptr<audio::Decoder> decoder_;
    AudioStore& store_;
};

}  // namespace

std::unique_ptr<audio::Decoder> make_fetching_decoder(std::unique_ptr<audio::Decoder> decoder, AudioStore& store) {
    return std::make_unique<FetchingDecoder>(std::move(decoder), store);
}

}  // namespace audio_ident::storage
