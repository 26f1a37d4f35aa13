#include "monitor/keeper.hpp"

#include <algorithm>
#include <spdlog/spdlog.h>

#include "catalog/timestamp_text.hpp"
#include "util/wait_for_stop.hpp"

namespace audio_ident::monitor {
namespace {

using catalog::MonitorRow;
using catalog::MonitorStatus;
using std::chrono::steady_clock;

constexpr std::size_t kThreads = 2;
constexpr auto kLook = std::chrono::milliseconds(500);  // for changes by others
constexpr auto kClaim = std::chrono::seconds(5);        // how often this service says that it listens
constexpr auto kClaimLasts = std::chrono::seconds(20);  // when it does not say so any more
constexpr auto kForget = std::chrono::hours(1);
constexpr auto kLongestWait = std::chrono::milliseconds(100);

bool is_wanted(const MonitorRow& row) {
    return !row.paused && row.now.status != MonitorStatus::ended;
}

Deadline soon() {
    return Deadline::after(std::chrono::seconds(5));
}

std::vector<Uuid> ids_of(const std::vector<MonitorRow>& rows) {
    std::vector<Uuid> ids;
    for (const MonitorRow& row : rows) ids.push_back(row.id);
    std::ranges::sort(ids);
    return ids;
}

std::string label(const std::string& name) {
    std::string text = "{monitor=\"";
    for (const char c : name) {
        if (c == '\\' || c == '"') text += '\\';
        text += c == '\n' ? ' ' : c;
    }
    return text + "\"}";
}

}  // namespace

/// A thread with its stations.
class Keeper::Loop {
  public:
    Loop(const KeeperParts& parts, const KeeperSettings& settings, Executor& executor)
        : parts_(parts), settings_(settings), executor_(executor) {}

    void start() {
        thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
    }
    struct Wanted {
        MonitorRow row;
        std::shared_ptr<StationCounts> counts;
        unsigned taken = 0;  ///< how often this service has taken it
        unsigned claim = 0;  ///< the number of the claim that says so
    };
    void want(std::vector<Wanted> wanted) {
        const std::lock_guard lock(mutex_);
        wanted_ = std::move(wanted);
        is_new_ = true;
    }

  private:
    void run(const std::stop_token& stop) {
        while (!stop.stop_requested()) {
            arrange();
            auto next = steady_clock::now() + kLongestWait;
            std::vector<pollfd> others;
            for (auto& [id, heard] : stations_) {
                heard.station->step();
                next = std::min(next, heard.station->next());
                heard.station->add_wanted(others);
            }
            const auto pause = std::chrono::ceil<std::chrono::milliseconds>(next - steady_clock::now());
            streams_.wait(others, std::clamp(pause, std::chrono::milliseconds(0), kLongestWait));
        }
        for (auto& [id, heard] : stations_) heard.station->stop(Station::Stop::for_now);
    }
    void arrange() {
        std::vector<Wanted> wanted;
        {
            const std::lock_guard lock(mutex_);
            if (!std::exchange(is_new_, false)) return;
            wanted = wanted_;
        }
        const auto one_of = [&](const Uuid& id) {
            return std::ranges::find_if(wanted, [&](const Wanted& one) { return one.row.id == id; });
        };
        std::erase_if(stations_, [&](const auto& kept) {
            const auto& [station, taken, claim] = kept.second;
            const auto& row = station->row();
            const auto still = one_of(kept.first);
            const bool is_lost =
                still != wanted.end() && (still->taken != taken || (station->is_lost() && still->claim != claim));
            if (still != wanted.end() && !is_lost && still->row.source == row.source &&
                still->row.min_confidence == row.min_confidence)
                return false;
            station->stop(is_lost ? Station::Stop::lost : Station::Stop::for_good);
            return true;
        });
        for (auto& [row, counts, taken, claim] : wanted) {
            auto& heard = stations_[row.id];
            if (heard.station) heard.station->agree_with(row);
            else
                heard = {std::make_unique<Station>(
                             StationParts{parts_.catalog, parts_.index, parts_.decoder, executor_, streams_,
                                          settings_.addresses, parts_.rolling,
                                          parts_.sounds != nullptr ? parts_.sounds->ring_of(row) : nullptr,
                                          parts_.deliver, settings_.name},
                             row, counts),
                         taken, claim};
        }
    }

    struct Heard {
        std::unique_ptr<Station> station;
        unsigned taken = 0;  ///< as they were when the station began
        unsigned claim = 0;
    };

    KeeperParts parts_;
    KeeperSettings settings_;
    Executor& executor_;
    curl::Streams streams_;
    std::map<Uuid, Heard> stations_;
    std::mutex mutex_;
    std::vector<Wanted> wanted_;
    bool is_new_ = false;
    std::jthread thread_;
};

Keeper::Keeper(KeeperParts parts, KeeperSettings settings) : parts_(parts), settings_(std::move(settings)) {
    for (std::size_t i = 0; i < kThreads; ++i) loops_.push_back(std::make_unique<Loop>(parts_, settings_, executor_));
    for (auto& loop : loops_) loop->start();
    thread_ = std::jthread([this](const std::stop_token& stop) { keep(stop); });
}

Keeper::~Keeper() = default;

void Keeper::keep(const std::stop_token& stop) {
    std::string told;  // the last failure logged
    while (!stop.stop_requested()) {
        const auto rows = own(catalog::current_timestamp());
        if (rows && parts_.sounds != nullptr) parts_.sounds->look_after(*rows);
        if (rows) arrange(*rows);
        else if (rows.error().message != told) spdlog::warn("monitors: {}", rows.error().message);
        // The others may have lost the catalog too: they get the time to come back.
        if (!rows) take_at_ = steady_clock::now() + kClaimLasts;
        told = rows ? std::string() : rows.error().message;
        forget_old(catalog::current_timestamp());
        util::wait_for_stop(kLook, stop);
    }
}

/// The rows of the monitors that this service has.
Result<std::vector<MonitorRow>> Keeper::own(catalog::Timestamp now) {
    auto& store = parts_.catalog.monitors();
    auto rows = store.list(soon());
    if (!rows) return rows;
    auto all = ids_of(*rows);
    if (parts_.rolling != nullptr) parts_.rolling->keep_only(all);
    if (parts_.sounds != nullptr && all != known_) parts_.sounds->forget_others(all);
    if (all.empty()) return rows;
    if (all != known_ || steady_clock::now() >= claim_at_) {
        const auto silent_at = steady_clock::now() < take_at_ ? Timestamp{} : now;
        auto claimed = store.claim(settings_.name, silent_at, now + kClaimLasts, soon());
        if (!claimed) return forward(claimed);
        claim_at_ = steady_clock::now() + kClaim;
        ++claims_;
        known_ = std::move(all);
        own_ = ids_of(claimed->rows);
        for (const Uuid& id : claimed->taken) ++taken_[id];
        std::erase_if(taken_, [&](const auto& known) { return !std::ranges::binary_search(known_, known.first); });
        return std::move(claimed->rows);
    }
    std::erase_if(*rows, [&](const MonitorRow& row) { return !std::ranges::binary_search(own_, row.id); });
    return rows;
}

void Keeper::arrange(const std::vector<MonitorRow>& rows) {
    std::map<Loop*, std::vector<Loop::Wanted>> wanted;
    for (auto& loop : loops_) wanted[loop.get()];
    std::erase_if(finished_, [&](const Uuid& id) {
        return std::ranges::none_of(rows, [&](const MonitorRow& row) { return row.id == id; });
    });
    // Before the lock: metrics() does not wait for the catalog.
    for (const MonitorRow& row : rows) {
        if (is_wanted(row)) std::erase(finished_, row.id);
        else finish_plays_of(row);
    }
    const std::lock_guard lock(mutex_);
    std::erase_if(kept_, [&](const auto& kept) {
        return std::ranges::none_of(rows,
                                    [&](const MonitorRow& row) { return row.id == kept.first && is_wanted(row); });
    });
    std::map<Loop*, std::size_t> busy;
    for (const auto& [id, kept] : kept_) ++busy[kept.loop];
    for (const MonitorRow& row : rows) {
        if (!is_wanted(row)) continue;
        auto& kept = kept_[row.id];
        if (kept.loop == nullptr) {
            kept.counts = std::make_shared<StationCounts>();
            kept.loop = std::ranges::min_element(loops_, {}, [&](const auto& loop) { return busy[loop.get()]; })->get();
            ++busy[kept.loop];
        }
        kept.name = row.name;
        wanted[kept.loop].push_back({row, kept.counts, taken_[row.id], claims_});
    }
    for (auto& [loop, list] : wanted) loop->want(std::move(list));
}

/// A station that was paused while no service ran has nobody who makes its last plays final.
void Keeper::finish_plays_of(const MonitorRow& paused) {
    if (std::ranges::find(finished_, paused.id) != finished_.end()) return;
    auto open = parts_.catalog.monitors().recent(paused.id, catalog::current_timestamp(), soon());
    if (!open) return;
    for (auto& play : *open) play.final = true;
    const bool none = open->empty();
    const auto stored = none ? Result<bool>(true)
                             : parts_.catalog.monitors().store(paused.id, settings_.name,
                                                               {std::move(*open), {}, parts_.deliver}, soon());
    if (stored && *stored) finished_.push_back(paused.id);
}

void Keeper::forget_old(catalog::Timestamp now) {
    if (settings_.keep_days == 0 || steady_clock::now() < forget_at_) return;
    forget_at_ = steady_clock::now() + kForget;
    const auto gone = parts_.catalog.monitors().forget(now - std::chrono::days(settings_.keep_days), soon());
    if (gone && *gone > 0) spdlog::info("{} plays older than {} days were removed", *gone, settings_.keep_days);
}

std::string Keeper::metrics() const {
    const std::lock_guard lock(mutex_);
    std::string text;
    const auto family = [&](const std::string& name, const char* type, const char* help, auto value) {
        text += fmt::format("# HELP {} {}\n# TYPE {} {}\n", name, help, name, type);
        for (const auto& [id, kept] : kept_)
            text += fmt::format("{}{} {}\n", name, label(kept.name), value(*kept.counts));
    };
    family("audioident_monitor_listening", "gauge", "Whether sound of the station comes",
           [](const auto& counts) { return counts.status == MonitorStatus::listening ? 1 : 0; });
    family("audioident_monitor_heard_seconds_total", "counter", "Sound of the station that was heard",
           [](const auto& counts) { return counts.heard_seconds.load(); });
    family("audioident_monitor_matched_seconds_total", "counter",
           "Of it, in which a track of the library seemed to play",
           [](const auto& counts) { return counts.matched_seconds.load(); });
    family("audioident_monitor_lag_seconds", "gauge", "How far what is known is behind the stream",
           [](const auto& counts) { return counts.lag_seconds.load(); });
    family("audioident_monitor_connections_total", "counter", "Tries to connect",
           [](const auto& counts) { return counts.connections.load(); });
    family("audioident_monitor_outages_total", "counter", "Times that the station could not be heard",
           [](const auto& counts) { return counts.outages.load(); });
    return text;
}

}  // namespace audio_ident::monitor
