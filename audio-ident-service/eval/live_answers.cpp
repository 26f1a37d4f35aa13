// Prints what the live answer says of some clips, for eval/run_live.py:
//
//     live-answers LIBRARY.txt CLIPS.txt > answers.jsonl
//
// LIBRARY.txt lists the recordings to index and CLIPS.txt the clips, one path per line. Each clip is given to the live
// answer in pieces of a tenth of a second, and to the search of a single clip as a whole. Prints one JSON object for
// each clip, in their order: "path", "looks" (the best candidate of each look: seconds, path, confidence), "matches"
// (seconds that it took, path, confidence, where the track is at the clip's first sample), "retracted" (how many of the
// matches), "search" (path and confidence of the single search) and "milliseconds" of processor time.

#include <boost/json.hpp>
#include <ctime>
#include <iostream>

#include "audio/decoder.hpp"
#include "fingerprint/extractor.hpp"
#include "index/both_lanes/lmdb_index.hpp"
#include "live/session.hpp"
#include "search/exact_lane.hpp"
#include "tools.hpp"

namespace {

using namespace audio_ident;
namespace json = boost::json;

constexpr std::size_t kPieceSamples = fingerprint::kSampleRateHz / 10;

double cpu_milliseconds() {
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return double(now.tv_sec) * 1e3 + double(now.tv_nsec) * 1e-6;
}

class Answers {
  public:
    Answers(std::vector<std::string> library, index::FingerprintIndexReader& reader)
        : library_(std::move(library)), reader_(reader) {}

    std::string of(const std::string& clip) {
        const auto samples = bench::decode(*decoder_, clip);
        json::object answer{{"path", clip}, {"looks", json::array()}, {"matches", json::array()}, {"retracted", 0}};
        const double begin = cpu_milliseconds();
        live::Session session(reader_, alone_, {});
        for (std::span<const float> rest = samples; !rest.empty();) {
            const auto piece = rest.first(std::min(kPieceSamples, rest.size()));
            rest = rest.subspan(piece.size());
            take(answer, bench::value_or_exit(session.consume(piece)));
        }
        take(answer, bench::value_or_exit(session.finish()));
        answer["milliseconds"] = cpu_milliseconds() - begin;
        const search::ExactLane lane(reader_, alone_);
        search::ExactOptions unlimited;
        unlimited.min_confidence = 0;
        const auto found = lane.search(samples, unlimited);
        answer["search"] = json::array();
        if (found && !found->empty())
            answer["search"] = json::array{name_of(found->front().track), found->front().confidence};
        return json::serialize(answer);
    }

  private:
    void take(json::object& answer, const std::vector<live::Event>& events) {
        for (const live::Event& event : events) {
            if (const auto* may = std::get_if<live::Candidates>(&event)) {
                const auto& best = may->candidates.front();
                answer["looks"].as_array().push_back(
                    json::array{may->at_seconds, name_of(best.track), best.confidence});
            } else if (const auto* match = std::get_if<live::Match>(&event)) {
                const auto& play = match->play;
                answer["matches"].as_array().push_back(
                    json::array{match->needed_seconds, name_of(play.track), play.confidence,
                                play.place_seconds - play.began_seconds * play.time_ratio});
            } else if (const auto* end = std::get_if<live::End>(&event); end && end->retracted) {
                answer["retracted"].as_int64() += 1;
            }
        }
    }
    const std::string& name_of(const TrackId& id) const { return library_.at(bench::number_of(id)); }

    std::unique_ptr<audio::Decoder> decoder_ = audio::make_ffmpeg_decoder();
    std::vector<std::string> library_;
    index::FingerprintIndexReader& reader_;
    Executor alone_{0};  // so that a thread's own clock measures an answer
};

}  // namespace

int main(int argc, char** argv) {
    if (argc != 3) {
        std::cerr << "usage: live-answers LIBRARY.txt CLIPS.txt > answers.jsonl\n";
        return 2;
    }
    const auto library = bench::lines_of(argv[1]);
    const auto clips = bench::lines_of(argv[2]);
    const bench::ScratchIndex index(bench::fingerprints_of(library));
    Answers answers(library, index.reader());
    std::vector<std::string> lines(clips.size());
    bench::in_parallel(clips.size(), [&](std::size_t i) { lines[i] = answers.of(clips[i]); });
    for (const std::string& line : lines) std::cout << line << '\n';
    return 0;
}
