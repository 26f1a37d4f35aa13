#pragma once

#include <array>
#include <cmath>
#include <numbers>

#include "embedding/embedder.hpp"

namespace audio_ident::test {

/// A small model without weights. Its vector holds the strength of several frequencies in a window, scaled to unit
/// length. Different notes give different vectors; loudness makes no difference.
class FakeEmbedder final : public embedding::Embedder {
  public:
    static constexpr unsigned kDimension = 24;
    static constexpr unsigned kSampleRate = 16000;
    static constexpr std::size_t kWindow = 3 * kSampleRate;
    static constexpr std::size_t kHop = kWindow / 2;

    explicit FakeEmbedder(std::string name = "fake") { model_.name = std::move(name); }

    const embedding::Model& model() const override { return model_; }
    std::unique_ptr<embedding::EmbeddingStream> stream(const Deadline& deadline) const override {
        return std::make_unique<Stream>(deadline);
    }
    /// The only text this model understands is a number: the frequency of a tone.
    Result<std::vector<float>> embed_text(std::string_view text, const Deadline&) const override {
        if (!model_.reads_text) return fail(ErrorKind::unsupported, "the model fake reads no text");
        std::vector<float> tone(kWindow);
        const double step = 2 * std::numbers::pi * std::stod(std::string(text)) / kSampleRate;
        for (std::size_t i = 0; i < tone.size(); ++i) tone[i] = static_cast<float>(std::sin(step * double(i)));
        return embed(tone).vector;
    }
    void read_text() { model_.reads_text = true; }

    static embedding::Chunk embed(std::span<const float> window) {
        embedding::Chunk chunk;
        double energy = 0;
        for (const float sample : window) energy += double(sample) * sample;
        chunk.level_db = 10 * std::log10(energy / double(window.size()) + 1e-12);
        chunk.vector.resize(kDimension);
        double mean = 0;
        for (unsigned band = 0; band < kDimension; ++band) {
            // Goertzel's algorithm on pieces of 64 ms, so that a band is about 16 Hz wide.
            const double frequency = 110 * std::pow(2, band / 6.0);
            const double twice_cos = 2 * std::cos(2 * std::numbers::pi * frequency / kSampleRate);
            double power = 0;
            for (std::size_t begin = 0; begin + 1024 <= window.size(); begin += 1024) {
                double a = 0;
                double b = 0;
                for (std::size_t i = 0; i < 1024; ++i) {
                    const double next = window[begin + i] + twice_cos * a - b;
                    b = a;
                    a = next;
                }
                power += a * a + b * b - twice_cos * a * b;
            }
            chunk.vector[band] = static_cast<float>(std::log(power + 1e-6));
            mean += chunk.vector[band] / kDimension;
        }
        // Subtract the mean, or loud and dull music would all look alike.
        double squares = 0;
        for (float& value : chunk.vector) {
            value -= static_cast<float>(mean);
            squares += double(value) * value;
        }
        for (float& value : chunk.vector) value = static_cast<float>(value / std::sqrt(squares + 1e-12));
        return chunk;
    }

  private:
    class Stream final : public embedding::EmbeddingStream {
      public:
        explicit Stream(Deadline deadline) : deadline_(std::move(deadline)) {}

        Result<void> consume(std::span<const float> samples) override {
            if (deadline_.expired()) return fail(ErrorKind::timeout, "no time left to embed");
            buffer_.insert(buffer_.end(), samples.begin(), samples.end());
            for (; buffer_.size() >= kWindow; begin_ += kHop) {
                take(std::span(buffer_).first(kWindow));
                buffer_.erase(buffer_.begin(), buffer_.begin() + kHop);
            }
            return {};
        }
        Result<embedding::Embedding> finish() override {
            if (begin_ == 0 && buffer_.size() >= 1024) take(buffer_);
            return std::move(embedding_);
        }

      private:
        void take(std::span<const float> window) {
            embedding::Chunk chunk = embed(window);
            if (chunk.level_db < -80) return;
            chunk.start_seconds = double(begin_) / kSampleRate;
            embedding_.chunks.push_back(std::move(chunk));
        }
        Deadline deadline_;
        std::vector<float> buffer_;
        std::size_t begin_ = 0;
        embedding::Embedding embedding_;
    };

    embedding::Model model_{.name = {},
                            .version = "1",
                            .dimension = kDimension,
                            .sample_rate = kSampleRate,
                            .window_seconds = 3,
                            .hop_seconds = 1.5,
                            .tag_names = {}};
};

}  // namespace audio_ident::test
