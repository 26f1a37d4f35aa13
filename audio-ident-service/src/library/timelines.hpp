#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "audio/decoder.hpp"
#include "audio/waveform.hpp"
#include "catalog/catalog.hpp"
#include "core/executor.hpp"
#include "index/fingerprint/reader.hpp"
#include "library/identification.hpp"
#include "library/identify.hpp"
#include "timeline/timeline.hpp"
#include "timeline/unknowns.hpp"

// Who plays when in a recording of any length: what a door asks, and what it gets.

namespace audio_ident::library {

struct RecordingTimeline;

struct TimelineRequest {
    double min_confidence = search::kDefaultMinConfidence;
    Deadline deadline = {};
    /// A file that keeps what was heard, so that after an interruption, even by kill -9, the next call goes on from
    /// there. Only for a recording in a file; when that has changed, the next call begins again. Whoever has stored the
    /// timeline removes it.
    std::optional<std::filesystem::path> save_in = {};
    /// Called when that file has changed, on the thread that makes the timeline. What it takes counts as time of
    /// saving, which is a fiftieth of all at most.
    std::function<void()> saved = {};
    /// Gets what is decided so far, every few seconds (timeline::Session::so_far()); on the thread that makes it.
    std::function<void(RecordingTimeline)> so_far = {};
    /// Whether `peaks` are wanted.
    bool with_peaks = false;
    /// Of a run of several recordings: gets what is not recognised in this one, for name_across(). The file in save_in
    /// then keeps all that was heard.
    timeline::Unknowns* run = nullptr;
};

/// How far a timeline is. Called on the thread that makes it, some times a second.
struct TimelineProgress {
    double seconds = 0;                   ///< of the recording that were heard
    double resumed_seconds = 0;           ///< of them by an earlier call
    std::optional<double> total_seconds;  ///< as the file's header claims
};
using TimelineObserver = std::function<void(const TimelineProgress&)>;

struct NamedCandidate {
    timeline::Candidate candidate;
    catalog::Track track;
    bool track_gone = false;  ///< the track is not in the library any more; only in a stored timeline
};

/// What a person says about an entry.
enum class Verdict { accepted, rejected };

/// An entry with the rows of the tracks that it names.
struct NamedEntry {
    timeline::Entry entry;
    catalog::Track track;
    std::vector<NamedCandidate> others;
    std::optional<Verdict> verdict = {};
    bool track_gone = false;  ///< as that of a candidate
};

/// A gap with the tracks that it sounds like.
struct NamedGap {
    timeline::Gap gap;
    /// Most similar first; empty when nothing is close, and without a vibe lane.
    std::vector<SoundMatch> sounds_like = {};
};

/// "unknown 3"; empty for a gap without a number.
std::string name_of(const timeline::Gap& gap);

struct RecordingTimeline {
    double seconds = 0;  ///< of the recording
    std::vector<NamedEntry> entries;
    std::vector<NamedGap> gaps;
    std::int64_t damaged_frames = 0;  ///< that could not be decoded; the times count them
    bool entries_lost = false;        ///< a track was removed meanwhile, and its entries are left out
    /// Of the recording, as Waveform::finish() gives them: kPeaksASecond, within kLeastPeaks and kMostPeaks.
    audio::WaveformPeaks peaks = {};
};
inline constexpr std::size_t kPeaksASecond = 4;
inline constexpr std::size_t kLeastPeaks = audio::Waveform::kMaxPeaks;
inline constexpr std::size_t kMostPeaks = 100'000;

/// What a timeline is made with; all outlive it.
struct TimelineParts {
    const audio::Decoder& decoder;
    catalog::Catalog& catalog;
    index::FingerprintIndexReader& index;
    Executor& computing;  ///< searches run on it
    /// As that of IdentifyParts; called when there is something to describe. Empty: no vibe lane.
    std::function<Result<VibeParts>(const Deadline&)> vibe = {};
};

/// The only place where a timeline is put together; Library::timeline() says what it answers.
Result<RecordingTimeline> make_timeline(const TimelineParts& parts, const audio::Source& recording,
                                        const TimelineRequest& request, const TimelineObserver& observer);

/// Gives what was not recognised in the recordings of a run the names that hold for all of them. The timelines are in
/// the order in which the recordings were heard.
void name_across(const timeline::Unknowns& run, std::span<RecordingTimeline> timelines);

/// A timeline as the answer of a search for every track and place: one match a track, the surest first.
std::vector<search::RecordingMatch> matches_of(const timeline::Timeline& timeline);

}  // namespace audio_ident::library
