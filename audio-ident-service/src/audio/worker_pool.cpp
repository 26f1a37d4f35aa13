#include "audio/worker_pool.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <poll.h>
#include <spawn.h>
#include <string_view>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>

#include "audio/worker_message.hpp"

namespace audio_ident::audio {
namespace {

using util::PacketSocket;

/// The maker receives no secrets in its environment, only what the loader and the sanitizers read.
std::vector<char*> bare_environment() {
    std::vector<char*> kept;
    for (char** entry = environ; *entry != nullptr; ++entry) {
        const std::string_view text(*entry);
        for (const char* prefix : {"LD_", "ASAN_", "UBSAN_", "TSAN_", "LSAN_"}) {
            if (text.starts_with(prefix)) kept.push_back(*entry);
        }
    }
    kept.push_back(nullptr);
    return kept;
}

/// False when there is something to read: the worker is not done with its last file, or it is gone.
bool is_quiet(const PacketSocket& socket) {
    pollfd news{socket.descriptor(), POLLIN, 0};
    return ::poll(&news, 1, 0) == 0;
}

}  // namespace

WorkerPool::Lease::Lease(Lease&& other) noexcept
    : pool_(std::exchange(other.pool_, nullptr)), worker_(std::move(other.worker_)) {}

WorkerPool::Lease::~Lease() {
    if (pool_ == nullptr) return;
    const std::lock_guard lock(pool_->mutex_);
    pool_->retire(std::move(worker_));
}

void WorkerPool::Lease::release() {
    WorkerPool& pool = *std::exchange(pool_, nullptr);
    const std::lock_guard lock(pool.mutex_);
    if (++worker_.files < pool.settings_.files_per_worker) pool.idle_.push_back(std::move(worker_));
    else pool.retire(std::move(worker_));
}

WorkerPool::~WorkerPool() {
    for (Worker& worker : idle_) retire(std::move(worker));
    // An unread answer would reset the connection, and the maker would end without ending its workers.
    while (announced_ > 0) {
        auto worker = make();
        if (!worker) break;
        retire(std::move(*worker));
    }
    stop_maker();
}

void WorkerPool::start_maker() {
    auto [ours, theirs] = PacketSocket::make_pair();
    std::vector<char*> arguments;
    for (const std::string& argument : settings_.maker) arguments.push_back(const_cast<char*>(argument.c_str()));
    arguments.push_back(nullptr);
    auto environment = bare_environment();

    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawnattr_init(&attributes);
    if (theirs.descriptor() == kWorkerSocket) {  // dup2() onto the same descriptor would leave it marked close-on-exec.
        theirs = PacketSocket(util::Descriptor(::dup(theirs.descriptor())));
    }
    ::posix_spawn_file_actions_adddup2(&actions, theirs.descriptor(), kWorkerSocket);
    // The maker gets a process group of its own, so that Ctrl-C at the terminal reaches only the user. No signal is
    // blocked.
    sigset_t none;
    ::sigemptyset(&none);
    ::posix_spawnattr_setsigmask(&attributes, &none);
    ::posix_spawnattr_setpgroup(&attributes, 0);
    ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP);
    const int code =
        ::posix_spawn(&maker_pid_, arguments.front(), &actions, &attributes, arguments.data(), environment.data());
    ::posix_spawnattr_destroy(&attributes);
    ::posix_spawn_file_actions_destroy(&actions);
    announced_ = 0;
    if (code != 0) {
        maker_pid_ = 0;
        return;
    }
    maker_ = std::move(ours);
    while (announced_ < settings_.ready && maker_.send('m', {})) ++announced_;
}

void WorkerPool::stop_maker() {
    maker_.close();  // The maker ends when the socket closes, and its workers end with it.
    if (maker_pid_ == 0) return;
    while (::waitpid(maker_pid_, nullptr, 0) < 0 && errno == EINTR) {
    }
    maker_pid_ = 0;
}

void WorkerPool::notice_its_end() {
    if (maker_pid_ == 0 || ::waitpid(maker_pid_, nullptr, WNOHANG) != maker_pid_) return;
    maker_pid_ = 0;
    maker_.close();
    idle_.clear();
}

/// nullopt when the maker cannot start a worker.
std::optional<WorkerPool::Worker> WorkerPool::make() {
    if (!maker_) return std::nullopt;
    if (announced_ == 0) {
        if (!maker_.send('m', {})) return std::nullopt;
    } else {
        --announced_;
    }
    std::array<std::byte, sizeof(pid_t)> number;
    auto answer = maker_.receive(number, PacketSocket::Descriptors::take);
    if (!answer || answer->kind != 'w' || answer->size != sizeof(pid_t) || !answer->descriptor) return std::nullopt;
    Worker worker;
    std::memcpy(&worker.pid, number.data(), sizeof worker.pid);
    worker.socket = PacketSocket(std::move(answer->descriptor));
    return worker;
}

void WorkerPool::retire(Worker worker) {
    worker.socket.close();
    std::array<std::byte, sizeof worker.pid> number;
    std::memcpy(number.data(), &worker.pid, sizeof worker.pid);
    if (maker_) static_cast<void>(maker_.send('k', number));
}

Result<WorkerPool::Lease> WorkerPool::acquire() {
    const std::lock_guard lock(mutex_);
    notice_its_end();
    while (!idle_.empty()) {
        Worker worker = std::move(idle_.back());
        idle_.pop_back();
        if (is_quiet(worker.socket)) return Lease(*this, std::move(worker));
        retire(std::move(worker));
    }
    // A worker that was started ahead may have ended since. No file is to blame for that.
    while (announced_ > 0) {
        auto worker = make();
        if (!worker) break;
        if (is_quiet(worker->socket)) return Lease(*this, std::move(*worker));
        retire(std::move(*worker));
    }
    auto worker = make();
    if (!worker) {  // The maker has not been started, or it is gone.
        stop_maker();
        start_maker();
        worker = make();
    }
    if (!worker) {
        return fail(
            ErrorKind::not_available,
            "cannot start a decoder process ({}); raise the process limit (ulimit -u) or set DECODE_SANDBOX=off",
            settings_.maker.front());
    }
    return Lease(*this, std::move(*worker));
}

}  // namespace audio_ident::audio
