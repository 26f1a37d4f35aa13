#include "audio/stream_decoding.hpp"

#include <cerrno>
#include <cmath>
#include <cstring>
#include <poll.h>
#include <sys/socket.h>
#include <thread>
#include <utility>

#include "audio/decode_input.hpp"
#include "audio/sample_sender.hpp"
#include "audio/worker_message.hpp"
#include "lib/ffmpeg/stream_source.hpp"

namespace audio_ident::audio {
namespace {

using util::PacketSocket;

constexpr int kMostMessages = 16;  ///< in one take(): about a second at 16 kHz

/// Two ends of a stream of bytes, the first for this process.
Result<std::pair<util::Descriptor, util::Descriptor>> byte_pipe() {
    int ends[2];
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
        return fail(ErrorKind::not_available, "cannot decode a stream: {}; raise the limit (ulimit -n)",
                    std::strerror(errno));
    return std::pair(util::Descriptor(ends[0]), util::Descriptor(ends[1]));
}

/// Talks the protocol of worker_message.hpp with what decodes, without waiting.
class Talk : public StreamDecoding {
  public:
    Talk(std::string name, util::Descriptor input) : name_(std::move(name)), input_(std::move(input)) {}

    int input() const override { return input_.get(); }
    int output() const override { return decoder().descriptor(); }
    Result<std::size_t> give(std::span<const std::byte> bytes) override {
        if (bytes.empty() || !input_) return bytes.size();
        const ssize_t count = ::send(input_.get(), bytes.data(), bytes.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
        if (count >= 0) return static_cast<std::size_t>(count);
        if (errno == EAGAIN || errno == EINTR) return 0U;
        return fail(ErrorKind::unsupported, "{}: the decoder has ended", name_);
    }
    void end() override { input_.reset(); }
    Result<std::optional<DecodeSummary>> take(const std::function<void(std::span<const float>)>& sink) override {
        std::vector<float> samples(kMaxMessageBytes / sizeof(float));
        for (int i = 0; i < kMostMessages; ++i) {
            pollfd news{output(), POLLIN, 0};
            if (::poll(&news, 1, 0) <= 0) break;
            const auto message = decoder().receive(std::as_writable_bytes(std::span(samples)));
            if (!message) return crashed();
            if (message->kind == 'r')
                return summary_of(text_of(std::as_bytes(std::span(samples)).first(message->size)));
            if (message->kind != 'p' || message->size % sizeof(float) != 0) return crashed();
            const auto block = std::span(samples).first(message->size / sizeof(float));
            for (float& sample : block) sample = std::isfinite(sample) ? sample : 0.0F;
            delivered_ += static_cast<std::int64_t>(block.size());
            sink(block);
        }
        return std::nullopt;
    }

  protected:
    virtual const PacketSocket& decoder() const = 0;

  private:
    Result<std::optional<DecodeSummary>> summary_of(std::string_view text) const {
        try {
            auto result = result_from(text);
            if (!result) return forward(result);
            result->samples = delivered_;
            return std::move(*result);
        } catch (const std::exception&) {
            return crashed();
        }
    }
    Unexpected crashed() const {
        return fail(ErrorKind::unsupported, "{}: cannot be decoded: it makes the decoder crash", name_);
    }

    std::string name_;
    util::Descriptor input_;
    std::int64_t delivered_ = 0;
};

class TalkWithWorker final : public Talk {
  public:
    TalkWithWorker(std::string name, util::Descriptor input, WorkerPool::Lease worker)
        : Talk(std::move(name), std::move(input)), worker_(std::move(worker)) {}

  private:
    const PacketSocket& decoder() const override { return worker_.socket(); }

    WorkerPool::Lease worker_;
};

/// Ends when its input or its output closes.
class TalkWithThread final : public Talk {
  public:
    TalkWithThread(const std::string& name, util::Descriptor input, util::Descriptor bytes,
                   const DecodeOptions& options)
        : Talk(name, std::move(input)) {
        auto [ours, theirs] = PacketSocket::make_pair();
        decoder_ = std::move(ours);
        thread_ = std::jthread([name, options, from = bytes.release(), user = std::move(theirs)] {
            SampleSender sender(user, kStreamBlockSamples);
            auto result = decode_input({name, std::make_unique<ffmpeg::StreamSource>(from)}, options,
                                       [&](std::span<const float> samples) { return sender.take(samples); });
            static_cast<void>(sender.flush());
            static_cast<void>(user.send('r', bytes_of(to_message(result))));
        });
    }
    ~TalkWithThread() override {
        end();
        decoder_.close();
    }

  private:
    const PacketSocket& decoder() const override { return decoder_; }

    PacketSocket decoder_;
    std::jthread thread_;
};

DecodeOptions of_a_stream(DecodeOptions options) {
    options.deadline = {};
    options.max_claimed_seconds.reset();
    return options;
}

}  // namespace

Result<std::unique_ptr<StreamDecoding>> decode_stream_in_worker(WorkerPool& pool, const std::string& name,
                                                                const DecodeOptions& options) {
    auto pipe = byte_pipe();
    if (!pipe) return forward(pipe);
    auto worker = pool.acquire();
    if (!worker) return forward(worker);
    WorkerRequest request;
    request.name = name;
    request.size_bytes = kStream;
    request.sample_rate_hz = options.sample_rate_hz;
    request.channels = options.channels;
    request.stream = options.stream;
    request.max_seconds = options.max_seconds;
    // If the request cannot be sent, the worker is gone, and take() will notice.
    static_cast<void>(worker->socket().send('q', bytes_of(to_message(request)), pipe->second.get()));
    return std::make_unique<TalkWithWorker>(name, std::move(pipe->first), std::move(*worker));
}

Result<std::unique_ptr<StreamDecoding>> decode_stream_in_thread(const std::string& name, const DecodeOptions& options) {
    auto pipe = byte_pipe();
    if (!pipe) return forward(pipe);
    try {
        return std::make_unique<TalkWithThread>(name, std::move(pipe->first), std::move(pipe->second),
                                                of_a_stream(options));
    } catch (const std::exception& error) {
        return fail(ErrorKind::not_available, "cannot decode a stream: {}", error.what());
    }
}

}  // namespace audio_ident::audio
