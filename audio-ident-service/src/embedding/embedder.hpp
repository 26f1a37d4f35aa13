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

/// A model and the space of its vectors. Vectors of two spaces are never compared.
struct Model {
    std::string name;     ///< as in EMBEDDING_MODEL: "musicnn", "clap-htsat-large"
    std::string version;  ///< of weights, front end and pooling; another version is another space
    unsigned dimension = 0;
    unsigned sample_rate = 0;            ///< Hz, of the samples it wants
    double window_seconds = 0;           ///< of sound behind a vector
    double hop_seconds = 0;              ///< between two windows' first samples
    std::vector<std::string> tag_names;  ///< empty: it gives none
    bool reads_text = false;
    /// The cosines that half of all tracks, one in twenty and one in two hundred reach to a piece of another one, in a
    /// library of many kinds of music: what small libraries go by, which cannot be measured.
    std::array<double, 3> usual_cosines = {0.45, 0.75, 0.87};

    std::string space() const { return name + "@" + version; }
};

/// One window of sound.
struct Chunk {
    double start_seconds = 0;   ///< of its first sample
    double level_db = 0;        ///< RMS below full scale; silent windows give no chunk
    std::vector<float> vector;  ///< unit length, Model::dimension long
};

struct Embedding {
    std::vector<Chunk> chunks;  ///< by start; empty for silence
    std::vector<float> tags;    ///< a probability a tag name, 0-1; of all the sound
};

/// Takes a recording in blocks. For one thread.
class EmbeddingStream {
  public:
    virtual ~EmbeddingStream() = default;

    /// Mono samples at Model::sample_rate, in [-1, 1], any number at once.
    virtual Result<void> consume(std::span<const float> samples) = 0;
    /// A recording shorter than a window gives one chunk. Call once, at the end.
    virtual Result<Embedding> finish() = 0;
};

/// Turns sound, and with some models text, into vectors of one space. Thread-safe.
class Embedder {
  public:
    virtual ~Embedder() = default;

    virtual const Model& model() const = 0;
    /// Fails with timeout when the deadline passes between two batches of windows.
    virtual std::unique_ptr<EmbeddingStream> stream(const Deadline& deadline) const = 0;
    /// Unit length. Fails with unsupported when the model reads no text.
    virtual Result<std::vector<float>> embed_text(std::string_view text, const Deadline& deadline) const = 0;
};

}  // namespace audio_ident::embedding
