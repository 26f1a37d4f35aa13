#pragma once

#include <memory>
#include <span>

#include "live/event.hpp"
#include "search/evidence.hpp"
#include "timeline/line.hpp"
#include "timeline/window.hpp"

namespace audio_ident::live {

using timeline::Cell;
using timeline::CellRange;

/// A play and its line, followed while the track is heard: the speed may drift. For one thread.
class Follower {
  public:
    /// `found` in a window that begins at `window_begin`; heard there up to `now`.
    Follower(std::uint32_t number, const search::Evidence& found, Cell window_begin, Cell now);

    const Play& play() const { return play_; }
    void set_confidence(double confidence) { play_.confidence = confidence; }
    void begin_at(double seconds);
    /// Whether this is the same track at the same place.
    bool is_same(const search::Evidence& found, Cell window_begin) const;
    /// Takes the place over from a longer or later window. Returns whether it moved by more than is worth telling.
    bool move_to(const search::Evidence& found, Cell window_begin, Cell now);

    /// Listens to the window's cells that it has not heard.
    void hear(const timeline::Window& window, Cell now);
    /// Cells up to here were heard.
    Cell heard() const { return heard_; }
    /// The end of the last cells that speak for the track.
    Cell agreed() const { return agreed_; }
    /// Whether the last seconds say nothing, or something else.
    bool is_doubtful() const;
    /// The track is over at this moment of the sound.
    double track_end_seconds() const { return line_->time_of(line_->track_seconds()); }
    timeline::Line& line() { return *line_; }

  private:
    void take_line(const search::Evidence& found, Cell window_begin);

    Play play_;
    std::unique_ptr<timeline::Line> line_;
    Cell heard_ = 0;
    Cell agreed_ = 0;
};

}  // namespace audio_ident::live
