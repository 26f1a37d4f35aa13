#include "embedding/musicnn.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>
#include <optional>

#include "dsp/mel_spectrogram.hpp"
#include "embedding/musicnn_data.hpp"
#include "lib/openvino/network.hpp"

namespace audio_ident::embedding {

namespace {

constexpr unsigned kSampleRateHz = 16000;
constexpr std::size_t kHopSamples = 256;
constexpr std::size_t kBands = 96;
constexpr std::size_t kWindowFrames = 187;     // The network's input, 3 s.
constexpr std::size_t kWindowHopFrames = 156;  // 2.5 s
constexpr std::size_t kChunkWindows = 4;       // 10.5 s
constexpr std::size_t kChunkHopWindows = 2;    // 5 s
constexpr std::size_t kBatch = 8;
constexpr double kTargetRms = 0.1;  // Every window is scaled to this level.
constexpr double kSilenceDb = -60;  // Windows quieter than this (dB below full scale) are skipped.
constexpr double kSecondsPerFrame = double(kHopSamples) / kSampleRateHz;

constexpr const char* kTagNames[] = {"rock",
                                     "pop",
                                     "alternative",
                                     "indie",
                                     "electronic",
                                     "female vocalists",
                                     "dance",
                                     "00s",
                                     "alternative rock",
                                     "jazz",
                                     "beautiful",
                                     "metal",
                                     "chillout",
                                     "male vocalists",
                                     "classic rock",
                                     "soul",
                                     "indie rock",
                                     "mellow",
                                     "electronica",
                                     "80s",
                                     "folk",
                                     "90s",
                                     "chill",
                                     "instrumental",
                                     "punk",
                                     "oldies",
                                     "blues",
                                     "hard rock",
                                     "ambient",
                                     "acoustic",
                                     "experimental",
                                     "female vocalist",
                                     "guitar",
                                     "hip-hop",
                                     "70s",
                                     "party",
                                     "country",
                                     "easy listening",
                                     "sexy",
                                     "catchy",
                                     "funk",
                                     "electro",
                                     "heavy metal",
                                     "progressive rock",
                                     "60s",
                                     "rnb",
                                     "indie pop",
                                     "sad",
                                     "house",
                                     "happy"};

/// The network's result for a window of 3 s, which belongs to up to two chunks.
struct Window {
    std::size_t first_frame = 0;
    double mean_square = 0;
    std::vector<float> mapped;  ///< empty: the window is silent
};

class MusicnnStream : public EmbeddingStream {
  public:
    enum class Of { recording, clip };

    MusicnnStream(const openvino::Network& network, const Model& model, Of of, Deadline deadline)
        : model_(model),
          map_(of == Of::clip ? musicnn_clip_map() : musicnn_map()),
          of_(of),
          deadline_(std::move(deadline)),
          request_(network.request()),
          mel_({.sample_rate = kSampleRateHz,
                .window = 512,
                .hop = kHopSamples,
                .bands = kBands,
                .low_hz = 0,
                .high_hz = 8000}),
          tags_(std::size(kTagNames)) {}

    Result<void> consume(std::span<const float> samples) override {
        for (const float x : samples) {
            if (hop_count_++ % kHopSamples == 0) energy_.push_back(0);
            energy_.back() += std::isfinite(x) ? double(x) * double(x) : 0;
        }
        mel_.consume(samples, rows_);
        return take_windows();
    }

    Result<Embedding> finish() override {
        mel_.finish(rows_);
        if (auto taken = take_windows(); !taken) return forward(taken);
        if (auto taken = take_last_window(); !taken) return forward(taken);
        if (auto run = run_batch(); !run) return forward(run);
        return embedding();
    }

  private:
    std::size_t frames() const { return dropped_frames_ + rows_.size() / kBands; }

    Result<void> take_windows() {
        while (next_frame_ + kWindowFrames <= frames()) {
            if (auto taken = take(next_frame_); !taken) return taken;
            next_frame_ += kWindowHopFrames;
        }
        // Keep only rows that the next window, or a last window at the end of the recording, may need.
        const std::size_t needed = std::min(next_frame_, frames() - std::min(frames(), kWindowFrames));
        if (needed < dropped_frames_ + kWindowFrames) return {};
        rows_.erase(rows_.begin(), rows_.begin() + static_cast<std::ptrdiff_t>((needed - dropped_frames_) * kBands));
        dropped_frames_ = needed;
        return {};
    }

    /// Covers the rest of the recording with a window that ends where the recording ends. Repeats a short recording.
    Result<void> take_last_window() {
        const std::size_t all = frames();
        if (all == 0) return {};
        if (all >= kWindowFrames) {
            const std::size_t heard = next_frame_ - kWindowHopFrames + kWindowFrames;
            return all > heard + kWindowFrames / 4 ? take(all - kWindowFrames) : Result<void>();
        }
        for (std::size_t i = 0; rows_.size() < kWindowFrames * kBands; ++i) rows_.push_back(rows_[i]);
        for (std::size_t i = 0; energy_.size() < kWindowFrames; ++i) energy_.push_back(energy_[i]);
        return take(0);
    }

    Result<void> take(std::size_t first_frame) {
        double sum = 0;
        for (std::size_t i = first_frame; i < std::min(first_frame + kWindowFrames, energy_.size()); ++i)
            sum += energy_[i];
        Window window{first_frame, sum / double(kWindowFrames * kHopSamples), {}};
        const bool sounds = window.mean_square > std::pow(10.0, kSilenceDb / 10);
        if (sounds) {
            // Loudness says nothing about the music, so every window gets the same level.
            const float gain = static_cast<float>(1e4 * kTargetRms * kTargetRms / window.mean_square);
            const float* power = rows_.data() + (first_frame - dropped_frames_) * kBands;
            for (std::size_t i = 0; i < kWindowFrames * kBands; ++i) batch_.push_back(std::log10(gain * power[i] + 1));
            batched_.push_back(windows_.size());
        }
        windows_.push_back(std::move(window));
        return batched_.size() == kBatch ? run_batch() : Result<void>();
    }

    Result<void> run_batch() {
        if (batched_.empty()) return {};
        if (deadline_.expired()) return fail(ErrorKind::timeout, "embedding did not finish in time");
        const std::array<std::size_t, 3> shape{batched_.size(), kWindowFrames, kBands};
        if (auto run = request_->run(batch_, shape); !run) return run;
        const auto means = request_->output("mean");
        const auto maxima = request_->output("max");
        const auto tags = request_->output("tags");
        const std::size_t count = map_.inputs / (of_ == Of::clip ? 2 : 1);
        if (means.size() != batched_.size() * count || maxima.size() != means.size() ||
            tags.size() != batched_.size() * tags_.size()) {
            return fail(ErrorKind::internal, "MusiCNN returned {} channels and {} tags for {} windows", means.size(),
                        tags.size(), batched_.size());
        }
        std::vector<float> channels;
        for (std::size_t row = 0; row < batched_.size(); ++row) {
            const auto mean = means.subspan(row * count, count);
            channels.assign(mean.begin(), mean.end());
            if (of_ == Of::clip) {
                const auto top = maxima.subspan(row * count, count);
                channels.insert(channels.end(), top.begin(), top.end());
            }
            auto& mapped = windows_[batched_[row]].mapped;
            mapped.resize(map_.outputs);
            map_.add(channels, mapped);
            for (std::size_t i = 0; i < tags_.size(); ++i) tags_[i] += tags[row * tags_.size() + i];
        }
        sounding_ += batched_.size();
        batched_.clear();
        batch_.clear();
        return {};
    }

    Result<Embedding> embedding() {
        Embedding embedding;
        for (std::size_t first = 0; first < windows_.size(); first += kChunkHopWindows) {
            // Skip a last chunk unless more than half of it is new.
            if (first > 0 && first + kChunkHopWindows >= windows_.size()) break;
            const std::size_t count = std::min(kChunkWindows, windows_.size() - first);
            if (auto chunk = chunk_of(std::span(windows_).subspan(first, count))) {
                embedding.chunks.push_back(std::move(*chunk));
            }
        }
        if (sounding_ == 0) return embedding;
        embedding.tags.reserve(tags_.size());
        for (const double sum : tags_) embedding.tags.push_back(static_cast<float>(sum / double(sounding_)));
        return embedding;
    }

    std::optional<Chunk> chunk_of(std::span<const Window> windows) const {
        Chunk chunk;
        chunk.start_seconds = double(windows.front().first_frame) * kSecondsPerFrame;
        chunk.vector.resize(model_.dimension);
        double mean_square = 0;
        for (const Window& window : windows) {
            mean_square += window.mean_square / double(windows.size());
            for (std::size_t i = 0; i < window.mapped.size(); ++i) chunk.vector[i] += window.mapped[i];
        }
        double square = 0;
        for (const float x : chunk.vector) square += double(x) * double(x);
        if (square <= 0) return std::nullopt;
        for (float& x : chunk.vector) x = static_cast<float>(x / std::sqrt(square));
        chunk.level_db = 10 * std::log10(mean_square);
        return chunk;
    }

    const Model& model_;
    const LinearMap& map_;
    Of of_;
    Deadline deadline_;
    std::unique_ptr<openvino::Request> request_;
    dsp::MelSpectrogram mel_;
    std::vector<double> energy_;  ///< one value per hop, for the whole recording
    std::size_t hop_count_ = 0;
    std::vector<float> rows_;  ///< mel power of the frames from dropped_frames_ on
    std::size_t dropped_frames_ = 0;
    std::size_t next_frame_ = 0;  ///< start of the next window
    std::vector<Window> windows_;
    std::vector<float> batch_;          ///< log-mel input of the next batch
    std::vector<std::size_t> batched_;  ///< indices of the windows in the batch
    std::vector<double> tags_;
    std::size_t sounding_ = 0;
};

class Musicnn : public Embedder {
  public:
    explicit Musicnn(std::unique_ptr<openvino::Network> network) : network_(std::move(network)) {
        model_.name = "musicnn";
        model_.version = std::string("1");
        model_.dimension = static_cast<unsigned>(musicnn_map().outputs);
        model_.sample_rate = kSampleRateHz;
        model_.window_seconds = ((kChunkWindows - 1) * kWindowHopFrames + kWindowFrames) * kSecondsPerFrame;
        model_.hop_seconds = kChunkHopWindows * kWindowHopFrames * kSecondsPerFrame;
        model_.tag_names.assign(std::begin(kTagNames), std::end(kTagNames));
        model_.usual_cosines = {0.06, 0.32, 0.51};  // Measured in docs/evaluation.md.
    }

    const Model& model() const override { return model_; }

    std::unique_ptr<EmbeddingStream> stream(const Deadline& deadline) const override {
        return std::make_unique<MusicnnStream>(*network_, model_, MusicnnStream::Of::recording, deadline);
    }

    std::unique_ptr<EmbeddingStream> clip_stream(const Deadline& deadline) const override {
        return std::make_unique<MusicnnStream>(*network_, model_, MusicnnStream::Of::clip, deadline);
    }

    Result<std::vector<float>> embed_text(std::string_view, const Deadline&) const override {
        return fail(ErrorKind::unsupported,
                    "the model musicnn does not understand text; `audio-ident model list` shows the models that do");
    }

  private:
    std::unique_ptr<openvino::Network> network_;
    Model model_;
};

}  // namespace

Result<std::unique_ptr<Embedder>> make_musicnn(unsigned streams) {
    if (musicnn_network().empty()) {
        return fail(
            ErrorKind::not_available,
            "this program was built without the model musicnn; run `make setup` to download it, then build again");
    }
    auto network = openvino::load_network(musicnn_network(), {.streams = streams});
    if (!network) return forward(network);
    return std::make_unique<Musicnn>(std::move(*network));
}

}  // namespace audio_ident::embedding
