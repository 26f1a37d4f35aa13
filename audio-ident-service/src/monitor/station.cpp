#include "monitor/station.hpp"

#include <boost/describe/enum_to_string.hpp>
#include <spdlog/spdlog.h>
#include <utility>

#include "audio/tags.hpp"
#include "catalog/timestamp_text.hpp"

namespace audio_ident::monitor {
namespace {

using catalog::MonitorStatus;
using catalog::PlayChanges;

constexpr std::size_t kMostPending = 256 << 10;  // bytes
constexpr auto kNoteEvery = std::chrono::seconds(15);
constexpr auto kNoteAgain = std::chrono::seconds(2);
constexpr auto kTryAgain = std::chrono::seconds(1);  // to read what is stored
constexpr std::int64_t kWorksAgain = 30 * std::int64_t{fingerprint::kSampleRateHz};
constexpr auto kNoSound = std::chrono::minutes(1);  // from a decoder that has bytes

/// A store that does not answer must not hold up the other stations for long.
Deadline soon() {
    return Deadline::after(std::chrono::seconds(5));
}

Timestamp now() {
    return catalog::current_timestamp();
}

void merge(PlayChanges& into, PlayChanges more) {
    for (const Uuid& id : more.removed) std::erase_if(into.put, [&](const auto& play) { return play.id == id; });
    for (auto& play : more.put) {
        std::erase_if(into.put, [&](const auto& known) { return known.id == play.id; });
        into.put.push_back(std::move(play));
    }
    into.removed.insert(into.removed.end(), more.removed.begin(), more.removed.end());
    if (more.now) into.now = more.now;
}

/// A reason may name what a stranger sent.
std::string told(const std::string& reason) {
    return audio::clean_tag(reason).value_or("it failed");
}

std::function<std::int64_t()> version_of(catalog::Catalog& catalog) {
    return [&catalog] { return catalog.generation(soon()).value_or(0); };
}

}  // namespace

Station::Station(StationParts parts, const catalog::MonitorRow& row, std::shared_ptr<StationCounts> counts)
    : parts_(std::move(parts)),
      row_(row),
      counts_(std::move(counts)),
      hearing_({parts_.index, parts_.executor, row.min_confidence, version_of(parts_.catalog)}),
      retry_(static_cast<std::uint32_t>(std::hash<Uuid>()(row.id))) {
    if (parts_.rolling == nullptr) return;
    chunks_.emplace(
        [this](ChunkMaker::Chunk chunk) { parts_.rolling->put(row_.id, chunk.begin, std::move(chunk.fingerprint)); },
        [this](std::int64_t sample) { return clock_.at(sample); });
}

std::size_t Station::room() const {
    return pending_.size() < kMostPending ? kMostPending - pending_.size() : 0;
}

void Station::sound(std::span<const std::byte> bytes) {
    pending_.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
}

void Station::hint(const std::string& title) {
    row_.now.hint = title.empty() ? std::nullopt : std::optional(title);
}

void Station::step() {
    if (!remembers_ && Clock::now() >= try_at_) remember();
    if (!remembers_) return;
    if (!feed_ && Clock::now() >= try_at_) connect();
    if (feed_ && !ended_) ended_ = feed_->step(Clock::now());
    give();
    take();
    if (decoding_ && Clock::now() > sound_at_ + kNoSound) problem_ = "no sound came for a minute";
    if (problem_) ended_ = Feed::Ended{Feed::End::failed, *problem_};
    if (ended_ && (is_drained() || problem_)) close(*std::exchange(ended_, std::nullopt));
    if (has_sound_) note_arrival();
    if (Clock::now() < note_at_) return;
    if (!has_sound_ && ledger_) store(ledger_->settle(now()));
    note();
}

void Station::agree_with(const catalog::MonitorRow& row) {
    row_.name = row.name;
    if (row.now.status != row_.now.status) note_at_ = std::min(note_at_, Clock::now() + kNoteAgain);
}

/// Goes on from what an earlier station, perhaps of another run of the service, has stored.
void Station::remember() {
    auto& store_of = parts_.catalog.monitors();
    // A recording is heard from its beginning, so what was found before is found again.
    const bool begins_again = is_recording(row_.source);
    auto recent = store_of.recent(row_.id, begins_again ? Timestamp{} : now() - kRemembered, soon());
    const auto outages = store_of.outages(row_.id, 1, soon());
    if (!recent || !outages) {
        spdlog::warn("monitor \"{}\": {}", row_.name, (recent ? outages.error() : recent.error()).message);
        try_at_ = Clock::now() + kTryAgain;
        return;
    }
    remembers_ = true;
    is_recording_ = begins_again;
    if (begins_again) {
        clock_ = StationClock(StationClock::Kind::recording);
        for (const auto& play : *recent) unsaved_.removed.push_back(play.id);
        recent->clear();
    }
    ledger_.emplace(row_.id, std::move(*recent));
    if (!outages->empty() && !outages->front().ended_at) outage_ = outages->front();
    if (row_.now.status == MonitorStatus::listening)
        begin_outage(std::max(row_.now.heard_at.value_or(Timestamp{}), row_.now.status_at), "the service did not run");
}

void Station::connect() {
    counts_->connections += 1;
    if (row_.now.status != MonitorStatus::failing) become(MonitorStatus::connecting, std::nullopt);
    feed_ = open_feed(row_.source, parts_.addresses, parts_.streams, *this);
}

void Station::give() {
    if (pending_.empty()) {
        if (ended_ && decoding_) decoding_->end();
        return;
    }
    if (!decoding_) {
        audio::DecodeOptions options;
        options.sample_rate_hz = fingerprint::kSampleRateHz;
        options.fill_gaps = is_recording_;  // A station's time comes from the clock.
        auto decoding = parts_.decoder.decode_stream("the stream", options);
        if (!decoding) {
            problem_ = decoding.error().message;
            return;
        }
        decoding_ = std::move(*decoding);
        sound_at_ = Clock::now();
    }
    const auto given = decoding_->give(std::as_bytes(std::span(pending_)));
    if (!given) pending_.clear();  // take() says why
    else pending_.erase(0, *given);
    if (pending_.empty() && ended_) decoding_->end();
}

void Station::take() {
    if (!decoding_) return;
    const auto taken = decoding_->take([this](std::span<const float> samples) { hear(samples); });
    if (taken && !*taken) return;
    decoding_.reset();
    pending_.clear();
    // Why there was no sound at all says more than why the stream ended.
    if (!ended_ || !has_sound_)
        ended_ = Feed::Ended{Feed::End::failed, taken ? "the sound ended" : taken.error().message};
}

void Station::hear(std::span<const float> samples) {
    if (problem_) return;
    sound_at_ = Clock::now();
    if (!has_sound_) {
        has_sound_ = true;
        ring_run_ = SoundRing::Run::begins;
        clock_.start(now());
        end_outage(now());
        become(MonitorStatus::listening, std::nullopt);
    }
    if (chunks_) chunks_->consume(samples);
    if (parts_.ring) {
        const auto run = std::exchange(ring_run_, SoundRing::Run::goes_on);
        parts_.ring->write(samples, clock_.at(hearing_.samples()), run);
    }
    const auto heard = hearing_.consume(samples);
    counts_->heard_seconds += double(samples.size()) / fingerprint::kSampleRateHz;
    if (hearing_.samples() >= kWorksAgain) retry_.reset();
    if (!heard) problem_ = heard.error().message;
    else if (*heard) understand(**heard);
}

void Station::note_arrival() {
    const auto samples = hearing_.samples();
    const auto stood_still = clock_.arrived(samples, now(), Clock::now());
    row_.now.heard_at = std::min(clock_.at(samples), now());
    if (!stood_still) return;
    // What is heard goes on, at another time.
    if (chunks_) chunks_->cut();
    ring_run_ = SoundRing::Run::begins;
    begin_outage(stood_still->begin, "the stream stood still");
    end_outage(stood_still->end);
}

void Station::understand(const Hearing::Heard& heard) {
    const auto time_of = [&](double seconds) {
        return clock_.at(static_cast<std::int64_t>(seconds * fingerprint::kSampleRateHz));
    };
    std::vector<HeardPlay> plays;
    double matched = 0;
    for (const auto& entry : heard.entries) {
        plays.push_back({entry.track, time_of(entry.heard.begin), time_of(entry.heard.end), entry.first.place_seconds,
                         entry.last.place_seconds, entry.first.time_ratio, entry.first.pitch_ratio, entry.confidence});
        const double until = double(heard.samples) / fingerprint::kSampleRateHz;
        if (entry.heard.end >= until - 5) matched = 5;
    }
    counts_->matched_seconds += matched;
    counts_->lag_seconds =
        double(std::max<std::int64_t>(0, hearing_.samples() - heard.samples)) / fingerprint::kSampleRateHz;
    if (heard.is_new) ledger_->cut();
    auto changes = ledger_->hear(
        plays, clock_.at(heard.samples), [this](const TrackId& track) { return find(track); }, row_.now.hint);
    // After a crash a recording is heard again from its beginning: until it is over, none of its plays is final.
    if (is_recording_) {
        for (auto& play : changes.put) play.final = false;
    }
    store(std::move(changes));
}

std::optional<KnownTrack> Station::find(const TrackId& track) const {
    const auto row = parts_.catalog.find(track, soon());
    if (!row || !*row || (*row)->state != catalog::TrackState::ready) return std::nullopt;
    return KnownTrack{(*row)->title, (*row)->artist, (*row)->duration_seconds};
}

void Station::store(PlayChanges changes) {
    merge(unsaved_, std::move(changes));
    if (unsaved_.empty() || is_lost_) return;
    unsaved_.deliver = parts_.deliver;
    const auto stored = parts_.catalog.monitors().store(row_.id, parts_.keeper, unsaved_, soon());
    if (!stored) spdlog::warn("monitor \"{}\": its plays are not stored yet: {}", row_.name, stored.error().message);
    else if (*stored) unsaved_ = {};
    else is_lost_ = true;
}

void Station::finish_hearing() {
    if (chunks_) chunks_->finish();
    const auto heard = hearing_.finish();
    if (heard && *heard) understand(**heard);
    store(ledger_->rest());
}

/// Nothing changes its plays any more. What else is said then is stored in the same moment.
void Station::finish_plays(std::optional<catalog::MonitorNow> noted) {
    PlayChanges all;
    if (is_recording_ && !is_lost_) {
        auto open = parts_.catalog.monitors().recent(row_.id, now(), soon());
        if (open) all.put = std::move(*open);
        else spdlog::warn("monitor \"{}\": {}", row_.name, open.error().message);
    }
    merge(all, std::exchange(unsaved_, {}));
    merge(all, ledger_->settle(Timestamp::max() - kFinalAfter));
    for (auto& play : all.put) play.final = true;
    all.now = std::move(noted);
    store(std::move(all));
}

void Station::close(const Feed::Ended& ended) {
    const Timestamp since = has_sound_ ? clock_.at(hearing_.samples()) : now();
    const bool is_over = ended.end == Feed::End::over && !problem_;
    if (has_sound_) finish_hearing();
    feed_.reset();
    decoding_.reset();
    pending_.clear();
    has_sound_ = false;
    problem_.reset();
    if (is_over) {
        auto now_ended = row_.now;
        now_ended.status = MonitorStatus::ended;
        now_ended.detail.reset();
        now_ended.status_at = now();
        finish_plays(std::move(now_ended));
        become(MonitorStatus::ended, std::nullopt);
        try_at_ = Clock::time_point::max();
        return;
    }
    const auto why = told(ended.why);
    begin_outage(std::min(since, now()), why);
    try_at_ = Clock::now() + retry_.next();
    become(MonitorStatus::failing, why);
}

void Station::stop(Stop how) {
    if (!remembers_) return;
    if (how == Stop::lost) is_lost_ = true;
    if (has_sound_) finish_hearing();
    has_sound_ = false;
    if (how == Stop::for_good) finish_plays();
    else note();
}

void Station::become(MonitorStatus status, std::optional<std::string> detail) {
    counts_->status = status;
    if (row_.now.status == status && row_.now.detail == detail) return;
    row_.now.status = status;
    row_.now.detail = std::move(detail);
    row_.now.status_at = now();
    if (status == MonitorStatus::failing) spdlog::warn("monitor \"{}\": {}", row_.name, *row_.now.detail);
    else spdlog::info("monitor \"{}\": {}", row_.name, boost::describe::enum_to_string(status, ""));
    note();
}

void Station::note() {
    note_at_ = Clock::now() + kNoteEvery;
    if (is_lost_) return;
    const auto noted = parts_.catalog.monitors().note(row_.id, parts_.keeper, row_.now, soon());
    if (!noted) spdlog::warn("monitor \"{}\": {}", row_.name, noted.error().message);
    else if (!*noted) is_lost_ = true;
}

void Station::put_outage() {
    if (is_lost_) return;
    const auto put = parts_.catalog.monitors().put_outage(*outage_, parts_.keeper, soon());
    if (put && !*put) is_lost_ = true;
}

void Station::begin_outage(Timestamp since, const std::string& reason) {
    if (outage_) return;
    counts_->outages += 1;
    outage_ = catalog::OutageRow{Uuid::random(), row_.id, since, std::nullopt, reason};
    put_outage();
}

void Station::end_outage(Timestamp at) {
    if (!outage_) return;
    outage_->ended_at = std::max(at, outage_->started_at);
    put_outage();
    outage_.reset();
}

void Station::add_wanted(std::vector<pollfd>& wanted) const {
    if (feed_ && !ended_) {
        if (const auto file = feed_->wanted(); file.fd >= 0) wanted.push_back(file);
    }
    if (!decoding_) return;
    wanted.push_back({decoding_->output(), POLLIN, 0});
    if (!pending_.empty()) wanted.push_back({decoding_->input(), POLLOUT, 0});
}

Feed::Clock::time_point Station::next() const {
    if (!remembers_ || !feed_) return try_at_;
    return ended_ ? Clock::time_point::max() : feed_->next();  // What is still decoded wakes it.
}

}  // namespace audio_ident::monitor
