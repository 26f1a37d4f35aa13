// The decode process for sandboxed_decoder_test.cpp. A file that starts with '!' names what a malicious file might make
// its decoder do; other files are decoded.
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <string_view>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>
#include <vector>

#include "audio/decode_input.hpp"
#include "audio/decode_worker.hpp"

namespace {

using namespace audio_ident;

Result<audio::DecodeSummary> denied_or_not(bool done) {
    if (done) return audio::DecodeSummary();
    return fail(ErrorKind::invalid_input, "{}", std::strerror(errno));
}

Result<audio::DecodeSummary> obey(std::string_view order) {
    if (order == "crash") std::raise(SIGILL);  // sanitizers would report SIGSEGV, and so fail the test
    if (order == "abort") std::abort();
    if (order == "exit") ::_exit(0);
    // Reads a volatile: the compiler may leave out an endless loop without effects, and clang does.
    for (volatile bool hangs = order == "hang"; hangs;) {
    }
    if (order == "open") return denied_or_not(::open("/etc/passwd", O_RDONLY) >= 0);
    if (order == "write") return denied_or_not(::open("/tmp/escaped", O_WRONLY | O_CREAT, 0600) >= 0);
    if (order == "exec") return denied_or_not(::execl("/bin/true", "true", nullptr) == 0);
    if (order == "socket") return denied_or_not(::socket(AF_INET, SOCK_STREAM, 0) >= 0);
    if (order == "connect") return denied_or_not(::connect(0, nullptr, 0) == 0);
    if (order == "trace") return denied_or_not(::ptrace(PTRACE_ATTACH, ::getppid(), nullptr, nullptr) == 0);
    if (order == "spy") {
        std::array<char, 8> bytes{};
        const iovec here{bytes.data(), bytes.size()};
        const iovec there{bytes.data(), bytes.size()};  // the same place in a process of the same program
        return denied_or_not(::process_vm_readv(::getppid(), &here, 1, &there, 1, 0) > 0);
    }
    if (order == "remove") return denied_or_not(::unlink("/tmp/audio-ident-is-not-there") == 0);
    if (order == "signal") return denied_or_not(::kill(::getppid(), SIGKILL) == 0);
    if (order == "fork") return denied_or_not(::fork() >= 0);
    if (order == "code") {
        return denied_or_not(::mmap(nullptr, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) !=
                             MAP_FAILED);
    }
    if (order == "memory") {
        constexpr std::size_t kMuch = std::size_t{3} << 30;
        return denied_or_not(::mmap(nullptr, kMuch, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0) !=
                             MAP_FAILED);
    }
    return fail(ErrorKind::invalid_input, "no such order");
}

Result<audio::DecodeSummary> work(audio::Input input, const audio::DecodeOptions& options, const audio::PcmSink& sink) {
    std::array<char, 16> head{};
    input.bytes->read_at(0, {reinterpret_cast<std::uint8_t*>(head.data()), head.size() - 1});
    if (head[0] != '!') return audio::decode_input(std::move(input), options, sink);
    const std::vector<float> some(20'000, 0.25F);
    sink(some);
    return obey(head.data() + 1);
}

}  // namespace

int main() {
    audio_ident::audio::run_worker_maker(&work);
}
