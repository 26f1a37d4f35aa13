#include "library/timelines.hpp"

#include <algorithm>
#include <chrono>
#include <fmt/format.h>
#include <unordered_map>

#include "fingerprint/params.hpp"
#include "library/saved_listening.hpp"
#include "library/sounds_like.hpp"
#include "timeline/session.hpp"
#include "timeline/unknowns.hpp"

namespace audio_ident::library {
namespace {

constexpr double kAsWell = 0.9;  // of an entry's confidence: another place in the track

using Rows = std::unordered_map<TrackId, catalog::Track>;

Unexpected with_reason(Error error, Reason reason) {
    if (error.kind != ErrorKind::timeout && error.reason == Reason::unspecified) error.reason = reason;
    return Unexpected(std::move(error));
}

Reason reason_of_decoding(const Error& error) {
    return error.kind == ErrorKind::not_available ? Reason::file_not_found : Reason::unsupported_format;
}

/// Tells an observer of progress, but not for every block.
class Progress {
  public:
    Progress(const TimelineObserver& observer, std::optional<double> total_seconds, double resumed_seconds)
        : observer_(observer), total_seconds_(total_seconds), resumed_seconds_(resumed_seconds) {}

    void heard(double seconds) {
        constexpr std::chrono::milliseconds kEvery{200};
        const auto now = std::chrono::steady_clock::now();
        if (!observer_ || now - last_ < kEvery) return;
        last_ = now;
        observer_({seconds, std::min(seconds, resumed_seconds_), total_seconds_});
    }

  private:
    const TimelineObserver& observer_;
    std::optional<double> total_seconds_;
    double resumed_seconds_;
    std::chrono::steady_clock::time_point last_{};
};

/// Tells who wants to know what is decided so far: every two seconds, and less often when it takes long, so that it
/// costs a twentieth of the time at most.
class SoFar {
  public:
    explicit SoFar(std::function<void()> tell) : tell_(std::move(tell)) {}

    void maybe() {
        using std::chrono::steady_clock;
        constexpr std::chrono::seconds kEvery{2};
        const auto begin = steady_clock::now();
        if (!tell_ || begin < next_) return;
        tell_();
        const auto end = steady_clock::now();
        next_ = end + std::max<steady_clock::duration>(kEvery, 20 * (end - begin));
    }

  private:
    std::function<void()> tell_;
    std::chrono::steady_clock::time_point next_{};
};

audio::WaveformPeaks peaks_of(const audio::Waveform& waveform, double seconds) {
    const auto wanted = static_cast<std::size_t>(seconds * double(kPeaksASecond));
    return waveform.finish(std::clamp(wanted, kLeastPeaks, kMostPeaks));
}

Result<RecordingTimeline> name_tracks(catalog::Catalog& catalog, timeline::Timeline timeline, const Deadline& deadline);

struct Listened {
    timeline::Timeline timeline;
    timeline::PeakBuckets sound;
    audio::DecodeSummary summary;
    audio::WaveformPeaks peaks;
};

/// Tells what is decided so far. The timeline can be made although it cannot be told meanwhile.
void tell(const TimelineParts& parts, const TimelineRequest& request, const timeline::Session& session,
          audio::WaveformPeaks peaks) {
    auto timeline = session.so_far();
    if (!timeline) return;
    auto named = name_tracks(parts.catalog, std::move(*timeline), request.deadline);
    if (!named) return;
    if (request.with_peaks) named->peaks = std::move(peaks);
    request.so_far(std::move(*named));
}

Result<Listened> listen(const TimelineParts& parts, const audio::Source& recording, const TimelineRequest& request,
                        const TimelineObserver& observer) {
    auto session = timeline::Session::open(
        parts.index, parts.computing,
        {.min_confidence = request.min_confidence, .deadline = request.deadline, .keeps_sound = true});
    if (!session) return with_reason(session.error(), Reason::store_unavailable);
    SavedListening saved(recording, request.save_in, request.saved);
    if (const auto resumed = saved.resume(*session); !resumed)
        return with_reason(resumed.error(), Reason::store_unavailable);
    const auto info = parts.decoder.probe(recording, request.deadline);
    Progress progress(observer, info ? info->duration_seconds : std::nullopt, session->resumed_seconds());
    audio::DecodeOptions decode;
    decode.sample_rate_hz = fingerprint::kSampleRateHz;
    decode.deadline = request.deadline;
    decode.fill_gaps = true;
    Result<void> heard;
    double seconds = 0;
    audio::Waveform waveform;
    SoFar so_far(request.so_far
                     ? std::function<void()>([&] { tell(parts, request, *session, peaks_of(waveform, seconds)); })
                     : std::function<void()>());
    const auto hear = [&](std::span<const float> samples) {
        heard = session->consume(samples);
        if (heard) saved.keep(*session);
        if (request.with_peaks) waveform.consume(samples);
        seconds += double(samples.size()) / fingerprint::kSampleRateHz;
        progress.heard(seconds);
        if (heard) so_far.maybe();
        return heard ? audio::Flow::proceed : audio::Flow::stop;
    };
    const auto decoded = parts.decoder.decode(recording, decode, hear);
    if (request.deadline.expired() || request.run) saved.interrupted(*session);
    if (!heard) return with_reason(heard.error(), Reason::store_unavailable);
    if (!decoded) return with_reason(decoded.error(), reason_of_decoding(decoded.error()));
    auto timeline = session->finish();
    if (!timeline) return with_reason(timeline.error(), Reason::store_unavailable);
    auto peaks = request.with_peaks ? peaks_of(waveform, seconds) : audio::WaveformPeaks();
    return Listened{std::move(*timeline), session->sound(), *decoded, std::move(peaks)};
}

Result<Rows> ready_tracks(catalog::Catalog& catalog, const timeline::Timeline& timeline, const Deadline& deadline) {
    std::vector<TrackId> ids;
    for (const auto& entry : timeline.entries) {
        ids.push_back(entry.track);
        for (const auto& other : entry.others) ids.push_back(other.track);
    }
    std::sort(ids.begin(), ids.end());
    ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
    Rows rows;
    if (ids.empty()) return rows;
    auto found = catalog.find_many(ids, deadline);
    if (!found) return with_reason(found.error(), Reason::store_unavailable);
    for (auto& row : *found) {
        if (row.state == catalog::TrackState::ready) rows.emplace(row.id, std::move(row));
    }
    return rows;
}

Result<RecordingTimeline> name_tracks(catalog::Catalog& catalog, timeline::Timeline timeline,
                                      const Deadline& deadline) {
    const auto rows = ready_tracks(catalog, timeline, deadline);
    if (!rows) return forward(rows);
    RecordingTimeline named;
    named.seconds = timeline.seconds;
    for (const auto& gap : timeline.gaps) named.gaps.push_back({gap});
    for (auto& entry : timeline.entries) {
        const auto row = rows->find(entry.track);
        if (row == rows->end()) {
            named.entries_lost = true;
            continue;
        }
        NamedEntry with_rows{std::move(entry), row->second, {}};
        for (const auto& other : with_rows.entry.others) {
            if (const auto known = rows->find(other.track); known != rows->end())
                with_rows.others.push_back({other, known->second});
        }
        named.entries.push_back(std::move(with_rows));
    }
    return named;
}

/// The entry's stretches, each with its place along the line from where the entry begins to where it ends.
std::vector<search::MatchedSpan> matched_along(const timeline::Entry& entry) {
    const double length = std::max(entry.heard.end - entry.heard.begin, 1e-9);
    const double slope = (entry.last.place_seconds - entry.first.place_seconds) / length;
    std::vector<search::MatchedSpan> matched;
    for (const search::Span& span : entry.evidence)
        matched.push_back({span, entry.first.place_seconds + (span.begin - entry.heard.begin) * slope});
    return matched;
}

}  // namespace

std::string name_of(const timeline::Gap& gap) {
    return gap.number == 0 ? std::string() : fmt::format("unknown {}", gap.number);
}

namespace {

/// The timeline without what unknown stretches sound like.
Result<RecordingTimeline> hear(const TimelineParts& parts, const audio::Source& recording,
                               const TimelineRequest& request, const TimelineObserver& observer) {
    auto listened = listen(parts, recording, request, observer);
    if (!listened) return forward(listened);
    timeline::Unknowns unknowns;
    unknowns.add(listened->sound, listened->timeline);
    timeline::Timeline unnamed;
    unnamed.gaps = listened->timeline.gaps;
    auto gaps = unknowns.gaps();
    listened->timeline.gaps = std::move(gaps.front());
    auto named = name_tracks(parts.catalog, std::move(listened->timeline), request.deadline);
    if (!named) return named;
    if (request.run) request.run->add(listened->sound, unnamed);
    named->damaged_frames = listened->summary.damaged_frames;
    named->peaks = std::move(listened->peaks);
    return named;
}

}  // namespace

Result<RecordingTimeline> make_timeline(const TimelineParts& parts, const audio::Source& recording,
                                        const TimelineRequest& request, const TimelineObserver& observer) {
    auto named = hear(parts, recording, request, observer);
    if (!named) return named;
    const auto alike = name_sounds_alike({parts.decoder, parts.catalog, parts.computing, parts.vibe}, recording,
                                         named->gaps, request.deadline);
    if (!alike) return forward(alike);
    return named;
}

void name_across(const timeline::Unknowns& run, std::span<RecordingTimeline> timelines) {
    const auto gaps = run.gaps();
    for (std::size_t i = 0; i < std::min(gaps.size(), timelines.size()); ++i) {
        std::vector<NamedGap> named;
        for (const timeline::Gap& gap : gaps[i]) {
            const double middle = (gap.where.begin + gap.where.end) / 2;
            const auto before = std::ranges::find_if(timelines[i].gaps, [&](const NamedGap& one) {
                return one.gap.where.begin <= middle && middle < one.gap.where.end;
            });
            named.push_back({gap});
            if (before != timelines[i].gaps.end()) named.back().sounds_like = before->sounds_like;
        }
        timelines[i].gaps = std::move(named);
    }
}

std::vector<search::RecordingMatch> matches_of(const timeline::Timeline& timeline) {
    std::vector<search::RecordingMatch> matches;
    for (const timeline::Entry& entry : timeline.entries) {
        const auto matched = matched_along(entry);
        const auto offset_of = [&](double place) { return place - entry.heard.begin * entry.first.time_ratio; };
        std::vector<double> also;
        for (const timeline::Candidate& other : entry.others) {
            if (other.track == entry.track && other.confidence >= kAsWell * entry.confidence)
                also.push_back(offset_of(other.place_seconds));
        }
        const auto same =
            std::find_if(matches.begin(), matches.end(), [&](const auto& match) { return match.track == entry.track; });
        if (same != matches.end()) {
            same->confidence = std::max(same->confidence, entry.confidence);
            same->also_offsets.push_back(offset_of(entry.first.place_seconds));
            same->also_offsets.insert(same->also_offsets.end(), also.begin(), also.end());
            same->matched.insert(same->matched.end(), matched.begin(), matched.end());
            continue;
        }
        search::RecordingMatch match;
        match.track = entry.track;
        match.confidence = entry.confidence;
        match.offset_seconds = offset_of(entry.first.place_seconds);
        match.also_offsets = std::move(also);
        match.aligned_hashes = entry.aligned;
        match.time_ratio = entry.first.time_ratio;
        match.pitch_ratio = entry.first.pitch_ratio;
        match.matched = matched;
        matches.push_back(std::move(match));
    }
    std::stable_sort(matches.begin(), matches.end(),
                     [](const auto& a, const auto& b) { return a.confidence > b.confidence; });
    return matches;
}

}  // namespace audio_ident::library
