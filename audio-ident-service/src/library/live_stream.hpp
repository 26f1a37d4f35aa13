#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "audio/decoder.hpp"
#include "audio/raw_format.hpp"
#include "fingerprint/params.hpp"
#include "library/live_answer.hpp"

namespace audio_ident::library {

class Library;

/// A live answer about bytes that arrive: an encoded recording, or samples in a format that is known. Never waits, but
/// take() computes. For one thread at a time; give(), end() and take() may be called from different ones when only one
/// of them calls take().
class LiveStream {
  public:
    /// `name` is for messages. The library outlives it. Fails with not_available (no decoder can be started) and like
    /// Library::listen().
    static Result<std::unique_ptr<LiveStream>> open(Library& library, const std::string& name,
                                                    const std::optional<audio::RawFormat>& raw,
                                                    const ListenRequest& request);

    /// A descriptor that can be written when give() takes more, and one that can be read when take() has something.
    int input() const { return decoding_->input(); }
    int output() const { return decoding_->output(); }
    /// Returns how many bytes were taken. Bytes that come when the decoder has ended are of no use to it; take() says
    /// why.
    std::size_t give(std::span<const std::byte> bytes);
    /// No more bytes come.
    void end();

    struct Told {
        std::vector<NamedEvent> events = {};
        bool over = false;  ///< these are the last
    };
    /// Hears what is decoded, about a second at most. Fails with unsupported_format, audio_too_short, and like
    /// LiveAnswer::consume().
    Result<Told> take();
    /// Ends at once: what was heard so far is all.
    Result<Told> finish();

    double seconds() const { return double(samples_) / double(fingerprint::kSampleRateHz); }
    /// Plays that were recognised and not retracted.
    std::int64_t plays() const { return plays_; }

  private:
    LiveStream(std::unique_ptr<audio::StreamDecoding> decoding, std::unique_ptr<LiveAnswer> answer)
        : decoding_(std::move(decoding)), answer_(std::move(answer)) {}
    Result<void> add(Result<std::vector<NamedEvent>> events, Told& told);

    std::unique_ptr<audio::StreamDecoding> decoding_;
    std::unique_ptr<LiveAnswer> answer_;
    std::vector<std::byte> header_;  ///< that has not been given yet
    std::int64_t samples_ = 0;
    std::int64_t plays_ = 0;
};

}  // namespace audio_ident::library
