#include "library/live_answer.hpp"

#include <optional>
#include <unordered_map>

#include "live/session.hpp"

namespace audio_ident::library {
namespace {

constexpr std::size_t kMostRows = 1000;  // that are kept
constexpr std::chrono::seconds kNaming{10};

Unexpected with_reason(Error error) {
    if (error.kind != ErrorKind::timeout && error.reason == Reason::unspecified)
        error.reason = Reason::store_unavailable;
    return Unexpected(std::move(error));
}

std::vector<TrackId> ids_of(const live::Event& event) {
    std::vector<TrackId> ids;
    if (const auto* may = std::get_if<live::Candidates>(&event)) {
        for (const live::Candidate& one : may->candidates) ids.push_back(one.track);
    } else if (const auto* match = std::get_if<live::Match>(&event)) {
        ids.push_back(match->play.track);
    } else if (const auto* refined = std::get_if<live::Refined>(&event)) {
        ids.push_back(refined->play.track);
    } else if (const auto* end = std::get_if<live::End>(&event)) {
        ids.push_back(end->play.track);
    }
    return ids;
}

class NamedLiveAnswer final : public LiveAnswer {
  public:
    NamedLiveAnswer(const ListenParts& parts, const ListenRequest& request)
        : catalog_(parts.catalog),
          stop_(request.deadline.stop_token()),
          session_(parts.index, parts.computing, {parts.calibration, request.deadline}) {}

    Result<std::vector<NamedEvent>> consume(std::span<const float> samples) override {
        return named(session_.consume(samples));
    }
    Result<std::vector<NamedEvent>> finish() override { return named(session_.finish()); }

  private:
    Result<std::vector<NamedEvent>> named(Result<std::vector<live::Event>> events) {
        if (!events) return with_reason(std::move(events.error()));
        std::vector<NamedEvent> named;
        for (live::Event& event : *events) {
            const auto ids = ids_of(event);
            if (const auto known = look_up(ids); !known) return with_reason(known.error());
            NamedEvent one{std::move(event)};
            if (auto* may = std::get_if<live::Candidates>(&one.event))
                std::erase_if(may->candidates, [&](const live::Candidate& other) { return !rows_.at(other.track); });
            for (const TrackId& id : ids) {
                if (const auto& row = rows_.at(id)) one.tracks.push_back(*row);
            }
            // A play of a track that is gone is not told.
            const bool tells = ids.empty() || !one.tracks.empty();
            if (tells) named.push_back(std::move(one));
        }
        return named;
    }

    /// Puts the rows of these tracks into rows_; nullopt for one that is not ready, which is asked for again.
    Result<void> look_up(const std::vector<TrackId>& ids) {
        std::vector<TrackId> wanted;
        for (const TrackId& id : ids) {
            const auto known = rows_.find(id);
            if (known == rows_.end() || !known->second) wanted.push_back(id);
        }
        if (wanted.empty()) return {};
        const auto found = catalog_.find_many(wanted, Deadline::after(kNaming, stop_));
        if (!found) return forward(found);
        if (rows_.size() > kMostRows) {
            rows_.clear();
            return look_up(ids);
        }
        for (const TrackId& id : wanted) rows_[id] = std::nullopt;
        for (const catalog::Track& row : *found) {
            if (row.state == catalog::TrackState::ready) rows_[row.id] = row;
        }
        return {};
    }

    catalog::Catalog& catalog_;
    std::stop_token stop_;
    live::Session session_;
    std::unordered_map<TrackId, std::optional<catalog::Track>> rows_;
};

}  // namespace

std::unique_ptr<LiveAnswer> make_live_answer(const ListenParts& parts, const ListenRequest& request) {
    return std::make_unique<NamedLiveAnswer>(parts, request);
}

}  // namespace audio_ident::library
