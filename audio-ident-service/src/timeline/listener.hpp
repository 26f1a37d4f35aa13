#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/executor.hpp"
#include "core/result.hpp"
#include "index/fingerprint/reader.hpp"
#include "search/clip_search.hpp"
#include "timeline/line.hpp"
#include "timeline/scout.hpp"
#include "timeline/trace.hpp"
#include "timeline/window.hpp"

namespace audio_ident::timeline {

class ValueReader;
class ValueWriter;

/// All that was heard in a recording, before anything is decided.
struct Heard {
    double seconds = 0;
    double library_hours = 0;
    std::vector<std::unique_ptr<Line>> lines;
    std::vector<bool> silent;  ///< by cell
    /// Pairs of lines (numbers in `lines`, the lower one first) that are the same sound: only one of them is heard.
    std::vector<std::pair<std::size_t, std::size_t>> same_sound;
};

/// Listens to a recording of any length, block by block: finds lines and gathers the evidence for each. Memory grows
/// with what is found, not with the length: some 30 MB, and 10 bytes for each second of each line. For one thread.
class Listener {
  public:
    /// The snapshot, and the executor that searches run on, must outlive it.
    Listener(const index::FingerprintSnapshot& snapshot, Executor& executor)
        : snapshot_(snapshot), executor_(executor) {}

    /// Takes mono samples at fingerprint::kSampleRateHz; how they are cut changes nothing.
    void consume(std::span<const float> samples);
    /// All that was heard; call once.
    Heard finish();
    /// What the windows so far have given, up to where the last one ends. Copies the lines: 10 bytes for each second of
    /// each.
    Heard so_far() const;

    /// What was heard so far, as bytes.
    std::string save() const;
    /// Goes on from what save() gave; before the first consume(). The same recording must come, from its first sample
    /// on: what was heard already passes unheard, and the result is the same as without an interruption. Tracks that
    /// were removed meanwhile are left out. Fails with corrupt or unsupported (of another version), and then begins at
    /// the beginning; and with the errors of the index.
    Result<void> resume(std::string_view saved);
    /// How much of the recording was heard before resume().
    double resumed_seconds() const { return double(resumed_windows_) * Window::kStepSeconds; }

    double seconds() const { return begin_seconds_ + double(buffer_.size()) / fingerprint::kSampleRateHz; }
    /// Lines that are being followed or were kept: for progress, and so that a test sees that they do not pile up.
    std::size_t lines() const { return active_.size() + kept_.size(); }

  private:
    struct Sameness {
        double shared = 0;
        int windows = 0;
    };
    struct Active {
        std::unique_ptr<Line> line;
        std::size_t number;                           ///< in order of beginning
        std::map<std::size_t, Sameness> beside = {};  ///< earlier lines that were heard at the same time, by number
    };

    void listen_to(std::size_t samples, bool last);
    Effort effort(double explained);
    void keep_window(std::unique_ptr<Window> window);
    void note_silence(std::span<const float> samples, CellRange cells);
    bool is_silent(CellRange cells) const;
    /// The share of the window's cells that followed lines explain.
    double follow(Window& window);
    void search(search::ClipSearch& clip, Effort effort, const Window& window);
    void begin_line(const search::Evidence& found, const Window& window);
    void add_line(std::unique_ptr<Line> line);
    /// Returns the line before the edit at which this one begins, if there is one.
    std::unique_ptr<Line> trace_back(Line& line);
    Line* same_line(const TrackId& track, const Node& node, double within_seconds);
    void drop_weakest();
    void retire(Cell now);
    static void put_all(ValueWriter& to, const std::vector<Active>& lines);
    std::vector<Active> take_all(ValueReader& from) const;

    const index::FingerprintSnapshot& snapshot_;
    Executor& executor_;
    std::vector<float> buffer_;
    double begin_seconds_ = 0;  ///< of the buffer
    std::size_t windows_heard_ = 0;
    std::size_t next_transformed_ = 0;             ///< window that may be searched at other speeds
    std::size_t resumed_windows_ = 0;              ///< that were heard before resume()
    std::deque<std::unique_ptr<Window>> windows_;  ///< the last few, for lines that are found late
    std::vector<Active> active_;
    std::vector<Active> kept_;
    std::size_t next_number_ = 0;
    std::vector<bool> silent_;
};

}  // namespace audio_ident::timeline
