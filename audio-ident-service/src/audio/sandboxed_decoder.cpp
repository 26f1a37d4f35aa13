#include "audio/sandboxed_decoder.hpp"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cmath>
#include <cstring>
#include <optional>
#include <poll.h>
#include <sys/mman.h>
#include <unistd.h>
#include <utility>

#include "audio/input.hpp"
#include "audio/stream_decoding.hpp"
#include "audio/worker_message.hpp"

namespace audio_ident::audio {
namespace {

using util::PacketSocket;

constexpr auto kLookAtStop = std::chrono::milliseconds(50);
/// The worker checks the deadline itself and then reports more than "timeout". Wait this much longer for its report.
constexpr auto kGrace = std::chrono::milliseconds(500);

/// A source in the form that a worker receives: an open file descriptor.
struct Handed {
    std::string name;
    util::Descriptor descriptor;
    std::int64_t size = 0;
};

Result<util::Descriptor> in_memory(std::span<const std::byte> bytes) {
    util::Descriptor file(::memfd_create("audio-ident-recording", MFD_CLOEXEC));
    while (file && !bytes.empty()) {
        const ssize_t count = ::write(file.get(), bytes.data(), bytes.size());
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) file.reset();
        else bytes = bytes.subspan(static_cast<std::size_t>(count));
    }
    if (!file)
        return fail(ErrorKind::internal, "cannot pass the recording to the decoder process: {}", std::strerror(errno));
    return file;
}

Result<Handed> hand(const Source& source) {
    auto input = open_input(source);
    if (!input) return forward(input);
    Handed handed{input->name, {}, input->bytes->size()};
    if (const auto* bytes = std::get_if<std::span<const std::byte>>(&source)) {
        auto file = in_memory(*bytes);
        if (!file) return forward(file);
        handed.descriptor = std::move(*file);
    } else {
        auto& file = dynamic_cast<ffmpeg::FileSource&>(*input->bytes);
        handed.descriptor = util::Descriptor(file.release());
    }
    return handed;
}

/// The exchange with one worker about one file.
class Conversation {
  public:
    Conversation(const PacketSocket& worker, const std::string& name, const Deadline& deadline)
        : worker_(worker), name_(name), deadline_(deadline) {}

    /// Receives until the worker sends its result. Passes samples to `sink` until the sink wants no more.
    Result<DecodeSummary> listen(const PcmSink& sink) {
        std::vector<float> samples(kMaxMessageBytes / sizeof(float));
        while (true) {
            if (const auto ready = wait(); !ready) return forward(ready);
            const auto message = worker_.receive(std::as_writable_bytes(std::span(samples)));
            if (!message) return crashed();
            if (message->kind == 'r') {
                done_ = true;
                return last_word(text_of(std::as_bytes(std::span(samples)).first(message->size)));
            }
            if (message->kind != 'p' || message->size % sizeof(float) != 0) return crashed();
            take(std::span(samples).first(message->size / sizeof(float)), sink);
        }
    }
    /// True when the worker can take another file.
    bool done() const { return done_; }
    std::int64_t delivered() const { return delivered_; }
    bool stopped() const { return stopped_; }

  private:
    void take(std::span<float> samples, const PcmSink& sink) {
        if (stopped_) return;  // These samples were sent before the worker saw the stop.
        for (float& sample : samples) sample = std::isfinite(sample) ? sample : 0.0F;
        delivered_ += static_cast<std::int64_t>(samples.size());
        if (sink(samples) == Flow::proceed) return;
        stopped_ = true;
        static_cast<void>(worker_.send('s', {}));
    }

    Result<DecodeSummary> last_word(std::string_view text) {
        try {
            auto result = result_from(text);
            if (result || result.error().kind != ErrorKind::internal) return result;
            // The worker's memory is limited, and it ran out.
            return fail(ErrorKind::unsupported, "{}: cannot be decoded: {}; convert it to FLAC or MP3", name_,
                        result.error().message);
        } catch (const std::exception&) {
            done_ = false;
            return crashed();
        }
    }

    Result<void> wait() const {
        using std::chrono::milliseconds;
        const bool endless = deadline_.when() == Deadline::Clock::time_point::max();
        while (true) {
            if (deadline_.stop_requested()) return fail(ErrorKind::timeout, "{}: decoding was cancelled", name_);
            milliseconds pause = deadline_.stop_token().stop_possible() ? kLookAtStop : milliseconds(60'000);
            if (!endless) {
                const auto left = std::chrono::ceil<milliseconds>(deadline_.when() + kGrace - Deadline::Clock::now());
                if (left.count() <= 0) return fail(ErrorKind::timeout, "{}: decoding took too long", name_);
                pause = std::min(pause, left);
            }
            pollfd news{worker_.descriptor(), POLLIN, 0};
            if (::poll(&news, 1, static_cast<int>(pause.count())) > 0) return {};
        }
    }

    Unexpected crashed() const {
        return fail(
            ErrorKind::unsupported,
            "{}: cannot be decoded: the file makes the decoder crash; convert it with another program, or skip it",
            name_);
    }

    const PacketSocket& worker_;
    const std::string& name_;
    const Deadline& deadline_;
    std::int64_t delivered_ = 0;
    bool stopped_ = false;
    bool done_ = false;
};

class SandboxedDecoder final : public Decoder {
  public:
    SandboxedDecoder(WorkerPoolSettings settings, TagSettings tags)
        : pool_(std::move(settings)), tags_(std::move(tags)) {}

    Result<DecodeSummary> decode(const Source& source, const DecodeOptions& options,
                                 const PcmSink& sink) const override {
        WorkerRequest request;
        request.sample_rate_hz = options.sample_rate_hz;
        request.channels = options.channels;
        request.stream = options.stream;
        request.max_seconds = options.max_seconds;
        request.max_claimed_seconds = options.max_claimed_seconds;
        request.begin_seconds = options.begin_seconds;
        request.fill_gaps = options.fill_gaps;
        return run(source, std::move(request), options.deadline, sink);
    }

    Result<StreamInfo> probe(const Source& source, const Deadline& deadline) const override {
        WorkerRequest request;
        request.probe_only = true;
        auto summary = run(source, std::move(request), deadline, [](std::span<const float>) { return Flow::stop; });
        if (!summary) return forward(summary);
        return std::move(summary->info);
    }

    Result<std::unique_ptr<StreamDecoding>> decode_stream(const std::string& name,
                                                          const DecodeOptions& options) const override {
        return decode_stream_in_worker(pool_, name, options);
    }

  private:
    Result<DecodeSummary> run(const Source& source, WorkerRequest request, const Deadline& deadline,
                              const PcmSink& sink) const {
        auto handed = hand(source);
        if (!handed) return forward(handed);
        request.name = handed->name;
        request.size_bytes = handed->size;
        request.tag_encoding = tags_.fallback_encoding;
        if (deadline.when() != Deadline::Clock::time_point::max()) {
            request.timeout_ms = std::chrono::ceil<std::chrono::milliseconds>(deadline.remaining()).count();
        }
        try {
            return talk(request, *handed, deadline, sink);
        } catch (const std::exception& error) {  // An exception from the sink.
            return fail(ErrorKind::internal, "decoding failed: {}", error.what());
        }
    }

    Result<DecodeSummary> talk(const WorkerRequest& request, const Handed& handed, const Deadline& deadline,
                               const PcmSink& sink) const {
        auto worker = pool_.acquire();
        if (!worker) return forward(worker);
        // If the request cannot be sent, the worker is gone, and listen() will notice.
        static_cast<void>(worker->socket().send('q', bytes_of(to_message(request)), handed.descriptor.get()));
        Conversation conversation(worker->socket(), handed.name, deadline);
        auto result = conversation.listen(sink);
        if (conversation.done()) worker->release();
        if (!result) return result;
        result->samples = conversation.delivered() / static_cast<int>(request.channels);
        if (conversation.stopped()) {
            result->stopped_early = true;
            result->duration_seconds = static_cast<double>(result->samples) / request.sample_rate_hz;
        }
        return result;
    }

    mutable WorkerPool pool_;  ///< thread-safe
    const TagSettings tags_;
};

}  // namespace

std::unique_ptr<Decoder> make_sandboxed_decoder(WorkerPoolSettings settings, TagSettings tags) {
    return std::make_unique<SandboxedDecoder>(std::move(settings), std::move(tags));
}

}  // namespace audio_ident::audio
