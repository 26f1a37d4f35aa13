#pragma once

#include <array>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/deadline.hpp"
#include "core/result.hpp"

namespace audio_ident::embedding {

/// A model and the vector space it defines. Vectors from different spaces are never compared.
struct Model {
    std::string name;     ///< as in EMBEDDING_MODEL: "musicnn", "clap-htsat-large"
    std::string version;  ///< covers weights, front end and pooling; a new version is a new space
    unsigned dimension = 0;
    unsigned sample_rate = 0;            ///< Hz, rate of the samples it takes
    double window_seconds = 0;           ///< seconds of sound per vector
    double hop_seconds = 0;              ///< seconds between the starts of consecutive windows
    std::vector<std::string> tag_names;  ///< empty: the model assigns no tags
    bool reads_text = false;
    /// The cosine similarities that the best half, 5 % and 0.5 % of all tracks reach with a piece of another track, in
    /// a library of varied music. Small libraries use these values because they cannot be measured there.
    std::array<double, 3> usual_cosines = {0.45, 0.75, 0.87};

    std::string space() const { return name + "@" + version; }
};

/// The vector of one window of sound.
struct Chunk {
    double start_seconds = 0;   ///< start of the window in the recording
    double level_db = 0;        ///< RMS in dB relative to full scale; silent windows yield no chunk
    std::vector<float> vector;  ///< unit length, Model::dimension values
};

struct Embedding {
    std::vector<Chunk> chunks;  ///< ordered by start; empty for silence
    std::vector<float> tags;    ///< one probability (0 to 1) per tag name, for the whole recording
};

/// Embeds one recording that arrives in blocks. Not thread-safe.
class EmbeddingStream {
  public:
    virtual ~EmbeddingStream() = default;

    /// Takes mono samples at Model::sample_rate in [-1, 1], in blocks of any size.
    virtual Result<void> consume(std::span<const float> samples) = 0;
    /// Call once, at the end. A recording shorter than a window yields one chunk.
    virtual Result<Embedding> finish() = 0;
};

/// The port for models that turn sound, and in some cases text, into vectors of one space. Thread-safe.
class Embedder {
  public:
    virtual ~Embedder() = default;

    virtual const Model& model() const = 0;
    /// Starts a recording. The stream fails with timeout when the deadline passes between two batches of windows.
    virtual std::unique_ptr<EmbeddingStream> stream(const Deadline& deadline) const = 0;
    /// Starts a clip that is compared with recordings. A model that can tell what the air has done to it gives vectors,
    /// of the same space, of the music as it was before.
    virtual std::unique_ptr<EmbeddingStream> clip_stream(const Deadline& deadline) const { return stream(deadline); }
    /// A vector of unit length. Fails with unsupported when the model does not understand text.
    virtual Result<std::vector<float>> embed_text(std::string_view text, const Deadline& deadline) const = 0;
};

}  // namespace audio_ident::embedding
