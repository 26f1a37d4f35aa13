#include "audio/decode_worker.hpp"

#include <array>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <set>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

#include "audio/decode_input.hpp"
#include "audio/sample_sender.hpp"
#include "audio/worker_message.hpp"
#include "lib/ffmpeg/stream_source.hpp"
#include "lib/seccomp/sandbox.hpp"
#include "util/packet_socket.hpp"

namespace audio_ident::audio {
namespace {

using util::PacketSocket;

[[maybe_unused]] constexpr rlim_t kMaxMemoryBytes = rlim_t{2} << 30;
constexpr rlim_t kMaxCpuSeconds = 4 * 3600;  ///< for all files of one worker together

std::unique_ptr<ffmpeg::ByteSource> bytes_of_stream(util::Descriptor socket) {
    return std::make_unique<ffmpeg::StreamSource>(socket.release());
}
std::unique_ptr<ffmpeg::ByteSource> bytes_of_file(util::Descriptor file, const WorkerRequest& request) {
    return std::make_unique<ffmpeg::FileSource>(file.release(), request.size_bytes);
}

Result<DecodeSummary> serve(const WorkerRequest& request, util::Descriptor file, const PacketSocket& user,
                            const DecodeWork& work) {
    const bool is_stream = request.size_bytes == kStream;
    Input input{request.name, is_stream ? bytes_of_stream(std::move(file)) : bytes_of_file(std::move(file), request),
                request.tag_encoding};
    DecodeOptions options{request.sample_rate_hz, request.max_seconds, {},
                          request.channels,       request.stream,      request.max_claimed_seconds,
                          request.begin_seconds,  request.fill_gaps};
    if (request.timeout_ms) options.deadline = Deadline::after(std::chrono::milliseconds(*request.timeout_ms));
    if (request.probe_only) {
        const auto info = probe_input(std::move(input), options.deadline);
        if (!info) return forward(info);
        return DecodeSummary{.info = *info};
    }
    SampleSender sender(user, is_stream ? kStreamBlockSamples : kBlockSamples);
    auto result = work(std::move(input), options, [&](std::span<const float> samples) { return sender.take(samples); });
    sender.flush();
    return result;
}

void limit(int resource, rlim_t most) {
    const rlimit both{most, most};
    ::setrlimit(resource, &both);
}

void give_up_rights() {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    ::prctl(PR_SET_DUMPABLE, 0);
    limit(RLIMIT_CORE, 0);
    limit(RLIMIT_FSIZE, 0);
    limit(RLIMIT_NOFILE, 16);
    limit(RLIMIT_CPU, kMaxCpuSeconds);
#ifndef AUDIO_IDENT_SANITIZED  // The sanitizers reserve terabytes and write to stderr.
    limit(RLIMIT_AS, kMaxMemoryBytes);
    const int nowhere = ::open("/dev/null", O_RDWR | O_CLOEXEC);
    for (const int standard : {0, 1, 2}) ::dup2(nowhere, standard);
    ::close(nowhere);
#endif
    seccomp::enter_sandbox();
}

[[noreturn]] void run_worker(const PacketSocket& user, const DecodeWork& work) {
    std::vector<std::byte> buffer(kMaxMessageBytes);
    try {
        give_up_rights();
        while (auto message = user.receive(buffer, PacketSocket::Descriptors::take)) {
            if (message->kind != 'q') continue;  // A 's' that arrived after the result.
            const auto body = std::span(buffer).first(message->size);
            const auto result = serve(request_from(text_of(body)), std::move(message->descriptor), user, work);
            if (!user.send('r', bytes_of(to_message(result)))) break;
        }
    } catch (const std::exception&) {
        ::_exit(1);  // The user treats this as a crash, which it is.
    }
    ::_exit(0);
}

/// Forks a worker and sends its process id and socket to the user.
void make_worker(const PacketSocket& user, const DecodeWork& work, std::set<pid_t>& workers) {
    auto [ours, theirs] = PacketSocket::make_pair();
    const pid_t pid = ::fork();
    if (pid == 0) {
        // The worker must not keep the maker's descriptors, or it could start and end other workers.
        theirs.close();
        ::close(user.descriptor());
        run_worker(ours, work);
    }
    if (pid > 0) workers.insert(pid);
    std::array<std::byte, sizeof pid> number;
    std::memcpy(number.data(), &pid, sizeof pid);
    user.send('w', number, pid > 0 ? theirs.descriptor() : -1);
}

void bury(std::span<const std::byte> body, std::set<pid_t>& workers) {
    pid_t pid = 0;
    if (body.size() != sizeof pid) return;
    std::memcpy(&pid, body.data(), sizeof pid);
    // Only end workers of this maker. The id may belong to an unrelated process by now.
    if (workers.erase(pid) == 0) return;
    ::kill(pid, SIGKILL);
    ::waitpid(pid, nullptr, 0);
}

}  // namespace

void run_worker_maker(const DecodeWork& work) {
    ::close_range(kWorkerSocket + 1, ~0U, 0);
    const PacketSocket user{util::Descriptor(kWorkerSocket)};
    const DecodeWork chosen = work ? work : DecodeWork(&decode_input);
    std::set<pid_t> workers;
    std::array<std::byte, 64> buffer;
    while (const auto order = user.receive(buffer)) {
        if (order->kind == 'm') make_worker(user, chosen, workers);
        if (order->kind == 'k') bury(std::span(buffer).first(order->size), workers);
    }
    ::_exit(0);
}

}  // namespace audio_ident::audio
