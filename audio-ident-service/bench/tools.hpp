#pragma once

#include <chrono>
#include <cstdint>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "audio/decoder.hpp"
#include "core/executor.hpp"
#include "core/track_id.hpp"
#include "core/uuid.hpp"
#include "fingerprint/extractor.hpp"
#include "index/both_lanes/lmdb_index.hpp"

namespace audio_ident::bench {

/// Returns the value, or ends the program with the error message.
template <typename T>
T value_or_exit(Result<T> result) {
    if (!result) {
        std::cerr << result.error().message << '\n';
        std::exit(1);
    }
    if constexpr (!std::is_void_v<T>) return std::move(*result);
}

inline double milliseconds_since(std::chrono::steady_clock::time_point begin) {
    return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin).count();
}

/// Of this process so far.
inline double processor_seconds() {
    timespec spent{};
    ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &spent);
    return static_cast<double>(spent.tv_sec) + 1e-9 * static_cast<double>(spent.tv_nsec);
}

/// The kind of a track in a scale library. A track's id encodes its kind and its number.
enum class TrackKind : std::uint8_t { real = 1, synthetic = 2 };

inline TrackId make_id(TrackKind kind, std::uint64_t number) {
    TrackId::Bytes bytes{};
    bytes[0] = static_cast<std::uint8_t>(kind);
    for (std::size_t i = 0; i < 8; ++i) bytes[8 + i] = static_cast<std::uint8_t>(number >> (8 * (7 - i)));
    return TrackId(bytes);
}
inline TrackKind kind_of(const TrackId& id) {
    return static_cast<TrackKind>(id.bytes()[0]);
}
inline std::uint64_t number_of(const TrackId& id) {
    std::uint64_t number = 0;
    for (std::size_t i = 8; i < 16; ++i) number = number << 8 | id.bytes()[i];
    return number;
}

/// The non-empty lines of a file; none when the file cannot be read.
inline std::vector<std::string> lines_of(const std::string& path) {
    std::ifstream file(path);
    std::vector<std::string> lines;
    for (std::string line; std::getline(file, line);) {
        if (!line.empty()) lines.push_back(line);
    }
    return lines;
}

/// Decodes a file at the fingerprint's sample rate. Prints errors to stderr.
inline std::vector<float> decode(const audio::Decoder& decoder, const std::string& path) {
    std::vector<float> samples;
    const auto done = decoder.decode(std::filesystem::path(path), {}, [&](std::span<const float> block) {
        samples.insert(samples.end(), block.begin(), block.end());
        return audio::Flow::proceed;
    });
    if (!done) std::cerr << done.error().message << '\n';
    return samples;
}

/// The threads of a tool.
inline Executor& executor() {
    static Executor threads;
    return threads;
}

/// Calls work(i) for all i < count, on all cores.
template <typename Work>
void in_parallel(std::size_t count, Work&& work) {
    executor().for_each(count, executor().width(), [&](std::size_t i, std::size_t) { work(i); });
}

/// The fingerprints of recordings, as tracks of the kind `real` with the numbers of their places in the list.
inline std::vector<index::TrackFingerprint> fingerprints_of(const std::vector<std::string>& paths) {
    const auto decoder = audio::make_ffmpeg_decoder();
    std::vector<index::TrackFingerprint> tracks(paths.size());
    in_parallel(paths.size(), [&](std::size_t i) {
        fingerprint::Extractor extractor;
        extractor.consume(decode(*decoder, paths[i]));
        tracks[i] = {make_id(TrackKind::real, i), extractor.finish()};
    });
    return tracks;
}

/// A compacted index of these tracks in a temporary folder. Ends the program on any error.
class ScratchIndex {
  public:
    explicit ScratchIndex(std::span<const index::TrackFingerprint> tracks)
        : folder_(std::filesystem::temp_directory_path() / ("audio-ident-" + Uuid::random().to_string())) {
        index_ = value_or_exit(index::LmdbIndex::open(folder_, lmdb::Access::read_write, executor()));
        value_or_exit(index_->writer().add(tracks, {}));
        value_or_exit(index_->writer().compact({}));
    }
    ~ScratchIndex() {
        index_.reset();
        std::error_code ignored;
        std::filesystem::remove_all(folder_, ignored);
    }
    ScratchIndex(const ScratchIndex&) = delete;
    ScratchIndex& operator=(const ScratchIndex&) = delete;

    index::FingerprintIndexReader& reader() const { return index_->reader(); }
    index::FingerprintIndexWriter& writer() const { return index_->writer(); }

  private:
    std::filesystem::path folder_;
    std::unique_ptr<index::LmdbIndex> index_;
};

}  // namespace audio_ident::bench
