// Prints the vibe lane's answers for some recordings, for eval/run_vibe.py:
//
//     vibe-answers MODEL TRACKS.txt CLIPS.txt > answers.jsonl
//
// The lists contain one path per line. Prints one JSON object per line: for each track the similar tracks in the
// library, and for each clip the tracks that sound like it. Each answer ranks all tracks as [path, similarity, best
// moment in seconds]. Runs on one thread. Prints to stderr how many seconds of audio are processed per second of
// processor time, for embedding alone and with decoding.

#include <boost/json.hpp>
#include <ctime>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <iostream>
#include <map>

#include "audio/decoder.hpp"
#include "embedding/models.hpp"
#include "index/both_lanes/lmdb_index.hpp"
#include "ingest/examine/track_embedding.hpp"
#include "search/vibe_lane.hpp"
#include "support/temp_folder.hpp"
#include "tools.hpp"

namespace {

using namespace audio_ident;
using bench::value_or_exit;

// Of the whole process, because the network runs on threads of its own.
double cpu_seconds() {
    timespec now{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return double(now.tv_sec) + double(now.tv_nsec) * 1e-9;
}

class Listener {
  public:
    explicit Listener(const std::string& model) : embedder_(value_or_exit(embedding::open_embedder(model, 1))) {}

    const embedding::Model& model() const { return embedder_->model(); }

    Result<embedding::Embedding> recording(const std::string& path) { return listen(path, embedder_->stream({})); }
    Result<embedding::Embedding> clip(const std::string& path) { return listen(path, embedder_->clip_stream({})); }

    std::string speed() const {
        return fmt::format(R"({{"model": "{}", "seconds": {:.1f}, "embedding_x": {:.1f}, "with_decoding_x": {:.1f}}})",
                           model().space(), audio_, audio_ / embedding_time_, audio_ / time_);
    }

  private:
    Result<embedding::Embedding> listen(const std::string& path,
                                        const std::unique_ptr<embedding::EmbeddingStream>& stream) {
        const double begin = cpu_seconds();
        audio::DecodeOptions options;
        options.sample_rate_hz = static_cast<int>(model().sample_rate);
        std::vector<float> samples;
        const auto decoded = decoder_->decode(std::filesystem::path(path), options, [&](std::span<const float> block) {
            samples.insert(samples.end(), block.begin(), block.end());
            return audio::Flow::proceed;
        });
        if (!decoded) return forward(decoded);
        const double before = cpu_seconds();
        auto done = stream->consume(samples);
        auto embedding = done ? stream->finish() : Result<embedding::Embedding>(forward(done));
        audio_ += decoded->duration_seconds;
        embedding_time_ += cpu_seconds() - before;
        time_ += cpu_seconds() - begin;
        return embedding;
    }

    std::unique_ptr<embedding::Embedder> embedder_;
    std::unique_ptr<audio::Decoder> decoder_ = audio::make_ffmpeg_decoder();
    double audio_ = 0;
    double embedding_time_ = 0;
    double time_ = 0;
};

std::vector<std::string> lines_of(const char* file) {
    std::ifstream list(file);
    std::vector<std::string> lines;
    for (std::string line; std::getline(list, line);) lines.push_back(line);
    return lines;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 4) {
        std::cerr << "usage: vibe-answers MODEL TRACKS.txt CLIPS.txt\n";
        return 2;
    }
    Listener listen(argv[1]);
    const test::TempFolder folder;
    const auto index =
        value_or_exit(index::LmdbIndex::open(folder.path(), lmdb::Access::read_write, bench::executor()));
    const auto vectors = index->vectors({listen.model().space(), listen.model().dimension});

    std::map<TrackId, std::string> paths;
    std::vector<ingest::TrackEmbedding> tracks;
    std::vector<index::TrackVectors> rows;
    for (const std::string& path : lines_of(argv[2])) {
        auto embedding = listen.recording(path);
        if (!embedding || embedding->chunks.empty()) {
            std::cerr << path << ": " << (embedding ? "silent" : embedding.error().message) << '\n';
            continue;
        }
        auto& track = tracks.emplace_back(ingest::track_embedding(listen.model(), std::move(*embedding)));
        track.vectors.id = TrackId::random();
        paths[track.vectors.id] = path;
        rows.push_back(track.vectors);
    }
    const std::string speed = listen.speed();
    value_or_exit(vectors->writer().add(rows, {}));

    const search::VibeLane lane(vectors->reader(),
                                search::measure_scale(rows, rows.size()).value_or(search::usual_scale(listen.model())));
    const search::VibeOptions all{.max_results = paths.size(), .min_similarity = 0};
    const auto print = [&](boost::json::object object, const std::vector<search::SoundAlike>& found) {
        boost::json::array similar;
        for (const auto& match : found)
            similar.push_back({paths.at(match.track), match.similarity, match.best_moment_seconds});
        object["similar"] = std::move(similar);
        std::cout << boost::json::serialize(object) << '\n';
    };
    for (const auto& track : tracks) {
        boost::json::object tags;
        if (track.tags) {
            for (const auto& tag : *track.tags) tags[tag.name] = tag.probability;
        }
        print({{"track", paths.at(track.vectors.id)}, {"tags", std::move(tags)}},
              *value_or_exit(lane.similar(track.vectors.id, {}, all)));
    }
    for (const std::string& path : lines_of(argv[3])) {
        const auto clip = listen.clip(path);
        if (clip) print({{"clip", path}}, value_or_exit(lane.search(clip->chunks, all)));
        else std::cerr << path << ": " << clip.error().message << '\n';
    }
    std::cerr << speed << '\n';
}
