#include "embedding/clap.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <mutex>
#include <numeric>
#include <optional>

#include "embedding/byte_pair_tokenizer.hpp"
#include "embedding/clap_mel.hpp"
#include "lib/openvino/network.hpp"

namespace audio_ident::embedding {

namespace {

using openvino::Precision;

constexpr std::size_t kWindow = ClapMel::kSamples;  // 10 s
constexpr std::size_t kHop = kWindow / 2;
constexpr std::array<std::size_t, 4> kInputShape{1, 1, ClapMel::kFrames, ClapMel::kBands};
constexpr std::size_t kMostTokens = 512;  // Number of positions in the text tower.
constexpr double kSameText = 0.99;        // Cosine that texts with different meanings never reach.
constexpr double kSilenceDb = -60;        // Windows quieter than this (dB below full scale) are skipped.

Result<std::vector<float>> unit_length(std::span<const float> values, std::size_t dimension) {
    if (values.size() != dimension) {
        return fail(ErrorKind::corrupt, "CLAP returned {} numbers instead of {}", values.size(), dimension);
    }
    double square = 0;
    for (const float x : values) square += double(x) * double(x);
    if (!(square > 0) || !std::isfinite(square))
        return fail(ErrorKind::corrupt, "CLAP returned a vector without a direction");
    std::vector<float> unit(values.size());
    std::transform(values.begin(), values.end(), unit.begin(),
                   [&](float x) { return static_cast<float>(x / std::sqrt(square)); });
    return unit;
}

/// Extends a short sound to a full window as the reference code does: whole repetitions, then silence.
std::vector<float> repeated(std::span<const float> sound) {
    std::vector<float> window;
    window.reserve(kWindow);
    while (window.size() + sound.size() <= kWindow) window.insert(window.end(), sound.begin(), sound.end());
    window.resize(kWindow);
    return window;
}

class ClapStream : public EmbeddingStream {
  public:
    ClapStream(const openvino::Network& network, const Model& model, Deadline deadline)
        : network_(network), model_(model), deadline_(std::move(deadline)) {}

    Result<void> consume(std::span<const float> samples) override {
        // Broken float files contain NaN and infinity. They count as silence.
        for (const float x : samples) buffer_.push_back(std::isfinite(x) ? std::clamp(x, -8.0F, 8.0F) : 0.0F);
        while (next_ + kWindow <= end()) {
            if (auto heard = hear(next_, window_at(next_)); !heard) return heard;
            next_ += kHop;
        }
        // Keep only samples that the next window, or a last window at the end of the recording, may need.
        const std::size_t needed = std::min(next_, end() - std::min(end(), kWindow));
        if (needed >= begin_ + kHop) {
            buffer_.erase(buffer_.begin(), buffer_.begin() + static_cast<std::ptrdiff_t>(needed - begin_));
            begin_ = needed;
        }
        return {};
    }

    /// Embeds what is left at the end with a window that ends where the recording ends.
    Result<Embedding> finish() override {
        Result<void> heard;
        if (end() >= kWindow) {
            const bool much = end() > next_ - kHop + kWindow + kWindow / 4;
            if (much) heard = hear(end() - kWindow, window_at(end() - kWindow));
        } else if (!buffer_.empty()) {
            heard = hear(0, buffer_);
        }
        if (!heard) return forward(heard);
        return std::move(embedding_);
    }

  private:
    std::size_t end() const { return begin_ + buffer_.size(); }
    std::span<const float> window_at(std::size_t at) const { return std::span(buffer_).subspan(at - begin_, kWindow); }

    Result<void> hear(std::size_t at, std::span<const float> sound) {
        double square = 0;
        for (const float x : sound) square += double(x) * double(x);
        const double level_db = 10 * std::log10(square / double(sound.size()));
        if (!(level_db > kSilenceDb)) return {};
        if (deadline_.expired()) return fail(ErrorKind::timeout, "embedding did not finish in time");
        // A request holds many megabytes, so it is created only when needed.
        if (!request_) request_ = network_.request();
        const auto features = sound.size() == kWindow ? mel_.features(sound) : mel_.features(repeated(sound));
        if (auto run = request_->run(features, kInputShape); !run) return run;
        auto vector = unit_length(request_->output("audio_embeds"), model_.dimension);
        if (!vector) return forward(vector);
        embedding_.chunks.push_back({double(at) / ClapMel::kSampleRateHz, level_db, std::move(*vector)});
        return {};
    }

    const openvino::Network& network_;
    const Model& model_;
    Deadline deadline_;
    std::unique_ptr<openvino::Request> request_;
    ClapMel mel_;
    std::vector<float> buffer_;
    std::size_t begin_ = 0;  ///< position of the buffer's start in the recording
    std::size_t next_ = 0;   ///< start of the next window
    Embedding embedding_;
};

/// The text tower. Loads its network on first use. Thread-safe.
class TextTower {
  public:
    TextTower(ModelFolder model, Precision audio)
        : model_(std::move(model)), precision_(audio == Precision::f32 ? Precision::f32 : Precision::half) {}

    Result<std::vector<float>> embed(std::string_view text) {
        const std::lock_guard lock(mutex_);
        if (auto loaded = load(); !loaded) return forward(loaded);
        if (auto run = request_->run_tokens(tokenizer_->tokens(text, kMostTokens)); !run) return forward(run);
        return unit_length(request_->output("text_embeds"), model_.manifest.dimension);
    }

  private:
    Result<void> load() {
        if (request_) return {};
        auto tokenizer = BytePairTokenizer::open(model_.file("tokenizer"));
        if (!tokenizer) return forward(tokenizer);
        auto network = openvino::load_network(
            model_.file("text"), {.streams = 1, .precision = precision_, .cache_folder = model_.compiled()});
        if (!network) return forward(network);
        tokenizer_ = std::move(*tokenizer);
        network_ = std::move(*network);
        request_ = network_->request();
        return {};
    }

    std::mutex mutex_;
    ModelFolder model_;
    Precision precision_;
    std::optional<BytePairTokenizer> tokenizer_;
    std::unique_ptr<openvino::Network> network_;
    std::unique_ptr<openvino::Request> request_;
};

class Clap : public Embedder {
  public:
    Clap(const ModelFolder& model, std::unique_ptr<openvino::Network> audio, Precision precision)
        : audio_(std::move(audio)), text_(model, precision) {
        model_.name = model.manifest.model;
        model_.version = "1-" + model.manifest.version();
        model_.dimension = model.manifest.dimension;
        model_.sample_rate = ClapMel::kSampleRateHz;
        model_.window_seconds = double(kWindow) / ClapMel::kSampleRateHz;
        model_.hop_seconds = double(kHop) / ClapMel::kSampleRateHz;
        model_.reads_text = true;
    }

    const Model& model() const override { return model_; }

    std::unique_ptr<EmbeddingStream> stream(const Deadline& deadline) const override {
        return std::make_unique<ClapStream>(*audio_, model_, deadline);
    }

    Result<std::vector<float>> embed_text(std::string_view text, const Deadline& deadline) const override {
        if (deadline.expired()) return fail(ErrorKind::timeout, "the text could not be embedded in time");
        auto vector = text_.embed(text);
        if (!vector) return advised(vector.error(), model_.name);
        return vector;
    }

    static Unexpected advised(Error error, const std::string& model) {
        error.message += fmt::format("; run `audio-ident model verify {}` for details", model);
        return Unexpected(std::move(error));
    }

  private:
    std::unique_ptr<openvino::Network> audio_;
    mutable TextTower text_;
    Model model_;
};

Result<std::unique_ptr<openvino::Network>> load_audio_tower(const ModelFolder& model, unsigned streams,
                                                            Precision precision) {
    return openvino::load_network(model.file("audio"),
                                  {.streams = streams, .precision = precision, .cache_folder = model.compiled()});
}

}  // namespace

Result<std::unique_ptr<Embedder>> open_clap(const ModelFolder& model, unsigned streams, Precision precision) {
    auto audio = load_audio_tower(model, streams, precision);
    if (!audio) {
        if (audio.error().kind != ErrorKind::corrupt) return forward(audio);
        return Clap::advised(audio.error(), model.manifest.model);
    }
    return std::make_unique<Clap>(model, std::move(*audio), precision);
}

Result<unsigned> clap_dimension(const ModelFolder& model) {
    const auto audio = load_audio_tower(model, 1, Precision::fast);
    if (!audio) return forward(audio);
    const auto request = (*audio)->request();
    ClapMel mel;
    if (auto run = request->run(mel.features(std::vector<float>(kWindow)), kInputShape); !run) return forward(run);
    ModelFolder tried = model;
    tried.manifest.dimension = static_cast<unsigned>(request->output("audio_embeds").size());
    TextTower tower(tried, Precision::fast);
    // The vector must have the same length, or this text tower belongs to another model.
    const auto one = tower.embed("slow dreamy piano");
    if (!one) return forward(one);
    const auto other = tower.embed("fast heavy metal with screaming vocals");
    if (!other) return forward(other);
    if (const double cosine = std::inner_product(one->begin(), one->end(), other->begin(), 0.0); cosine > kSameText) {
        return fail(
            ErrorKind::corrupt,
            "{} returns the same vector for all texts (cosine {:.4f}), so it cannot search by text; the published "
            "checkpoint laion/larger_clap_music is known to have this defect",
            model.file("text").filename().string(), cosine);
    }
    return tried.manifest.dimension;
}

}  // namespace audio_ident::embedding
