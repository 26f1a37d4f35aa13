#include "cli/timeline_table.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <string_view>
#include <vector>

#include "cli/text.hpp"

namespace audio_ident::cli {
namespace {

constexpr double kNoticed = 0.002;  // of a ratio

std::string per_cent(double ratio) {
    return fmt::format("{:+.1f} %", (ratio - 1) * 100);
}

/// "+2.0 %", where it changes "+2.0 % to +3.1 %"; empty at the recorded speed.
std::string change_text(double first, double last) {
    if (std::abs(first - 1) < kNoticed && std::abs(last - 1) < kNoticed) return {};
    if (std::abs(first - last) < kNoticed) return per_cent(first);
    return per_cent(first) + " to " + per_cent(last);
}

std::string played_text(const timeline::Entry& entry) {
    const auto tempo = change_text(entry.first.time_ratio, entry.last.time_ratio);
    const auto pitch = change_text(entry.first.pitch_ratio, entry.last.pitch_ratio);
    const bool as_one = std::abs(entry.first.time_ratio - entry.first.pitch_ratio) < 2 * kNoticed;
    if (tempo.empty() && pitch.empty()) return {};
    if (as_one) return ", speed " + (tempo.empty() ? pitch : tempo);
    return (tempo.empty() ? "" : ", tempo " + tempo) + (pitch.empty() ? "" : ", pitch " + pitch);
}

std::string entry_text(const library::NamedEntry& named) {
    return fmt::format("{}, from {}{}, {}", name_text(named.track), time_text(named.entry.first.place_seconds),
                       played_text(named.entry), confidence_text(named.entry.confidence));
}

/// "unknown 3 (heard 4 times), sounds like Title by Artist (81 %)"
std::string gap_text(const library::NamedGap& named) {
    if (named.gap.kind == timeline::GapKind::silence) return "(silence)";
    std::string text = library::name_of(named.gap);
    if (text.empty()) text = "(not recognised)";
    if (named.gap.times_heard > 1) text += fmt::format(" (heard {} times)", named.gap.times_heard);
    if (named.sounds_like.empty()) return text;
    const auto& best = named.sounds_like.front();
    return text +
           fmt::format(", sounds like {} ({:.0f} %)", name_text(best.track), std::floor(100 * best.sound.similarity));
}

struct Row {
    double begin;
    double end;
    std::string text;
};

}  // namespace

std::string timeline_table(const library::RecordingTimeline& timeline) {
    std::vector<Row> rows;
    for (const auto& named : timeline.entries)
        rows.push_back({named.entry.heard.begin, named.entry.heard.end, entry_text(named)});
    for (const auto& named : timeline.gaps)
        rows.push_back({named.gap.where.begin, named.gap.where.end, gap_text(named)});
    std::ranges::stable_sort(rows, {}, &Row::begin);
    const std::size_t width = time_text(timeline.seconds).size();
    std::string table;
    for (const Row& row : rows)
        table += fmt::format("{:>{}}  {:>{}}  {}\n", time_text(row.begin), width, time_text(row.end), width, row.text);
    return table;
}

std::string progress_text(const library::TimelineProgress& progress, double elapsed_seconds) {
    std::string text = time_text(progress.seconds);
    if (progress.total_seconds) text += " of " + time_text(*progress.total_seconds);
    const double heard = progress.seconds - progress.resumed_seconds;
    if (elapsed_seconds < 1 || heard <= 0) return text;
    const double rate = heard / elapsed_seconds;
    text += fmt::format(", {:.0f}x real time", rate);
    if (progress.total_seconds)
        text +=
            fmt::format(", {} left", duration_text(std::max(0.0, *progress.total_seconds - progress.seconds) / rate));
    return text;
}

}  // namespace audio_ident::cli
