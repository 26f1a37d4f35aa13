#pragma once

#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "core/deadline.hpp"
#include "core/executor.hpp"
#include "core/result.hpp"
#include "index/fingerprint/reader.hpp"
#include "live/claim.hpp"
#include "live/event.hpp"
#include "live/follower.hpp"
#include "live/recogniser.hpp"
#include "search/calibration.hpp"

namespace audio_ident::live {

struct Options {
    search::Calibration calibration = {};
    Deadline deadline = {};
};

/// Listens to sound while it plays, however long, and says what it recognises as soon as it is sure. The window of
/// sound that it searches grows from one second to ten, and then slides; a track that is recognised is followed
/// instead, which costs little. Memory: 2 MB, whatever the length. For one thread at a time.
class Session {
  public:
    /// The reader, and the executor that searches run on, must outlive it.
    Session(index::FingerprintIndexReader& reader, Executor& executor, Options options);

    /// Takes mono samples at fingerprint::kSampleRateHz, and tells what they changed; how they are cut changes nothing.
    /// Fails with timeout (deadline or stop), and the errors of the index.
    Result<std::vector<Event>> consume(std::span<const float> samples);
    /// The sound is over. Call once. Fails as consume().
    Result<std::vector<Event>> finish();

    double seconds() const;

  private:
    /// The sound that no play explains: where it began, and where the window begins that is searched.
    struct Phrase {
        Cell begin = 0;
        Cell window = 0;
        Cell next_look = 0;
        Cell next_transformed = 0;
        std::size_t looked_until = 0;                 ///< samples of all sound, at the last look
        std::optional<search::Evidence> before = {};  ///< the best of the last look
    };

    Result<void> hear_cell();
    Result<void> open_snapshot();
    void tell_level(std::span<const float> samples);
    std::span<const float> samples_from(Cell cell) const;
    std::size_t samples() const;  ///< of all sound so far

    void begin_phrase(Cell at);
    void slide(Cell cells);
    Result<void> look();
    void weigh(const std::vector<search::Evidence>& found);
    bool is_claim(const search::Evidence& best, double window_seconds) const;
    void tell_candidates(const std::vector<search::Evidence>& found);

    void begin_play(const search::Evidence& found);
    void confirm(const search::Evidence& found);
    Result<void> follow();
    void end_play(double ended_seconds, bool retracted);
    void end_play_if_over();
    double confidence_of(const search::Evidence& found) const { return options_.calibration.apply(found.confidence); }

    index::FingerprintIndexReader& reader_;
    Options options_;
    Recogniser recogniser_;
    std::unique_ptr<index::FingerprintSnapshot> snapshot_;  ///< only while a cell is heard
    index::IndexStats stats_;                               ///< of the last one

    std::vector<float> buffer_;  ///< the last seconds
    Cell buffer_begin_ = 0;
    Cell now_ = 0;        ///< cells that are whole
    bool silent_ = true;  ///< the last cell
    std::optional<Phrase> phrase_;
    std::optional<Follower> playing_;
    bool own_phrase_ = false;  ///< the phrase is the one in which the play was recognised
    std::uint32_t plays_ = 0;
    std::vector<Event> events_;
};

}  // namespace audio_ident::live
