#include "lib/seccomp/sandbox.hpp"

#include <memory>
#include <seccomp.h>
#include <sys/mman.h>
#include <system_error>
#include <unistd.h>

namespace audio_ident::seccomp {
namespace {

constexpr int kAllowed[] = {
    // Use of descriptors that are already open.
    SCMP_SYS(read), SCMP_SYS(readv), SCMP_SYS(pread64), SCMP_SYS(write), SCMP_SYS(writev), SCMP_SYS(close),
    SCMP_SYS(recvmsg), SCMP_SYS(sendmsg), SCMP_SYS(recvfrom), SCMP_SYS(sendto), SCMP_SYS(poll), SCMP_SYS(ppoll),
    // Memory. mmap and mprotect have rules of their own below.
    SCMP_SYS(brk), SCMP_SYS(munmap), SCMP_SYS(mremap), SCMP_SYS(madvise), SCMP_SYS(futex),
    // Time, random numbers, and this thread's state.
    SCMP_SYS(clock_gettime), SCMP_SYS(clock_nanosleep), SCMP_SYS(nanosleep), SCMP_SYS(gettimeofday), SCMP_SYS(time),
    SCMP_SYS(getrandom), SCMP_SYS(getpid), SCMP_SYS(gettid), SCMP_SYS(sched_yield), SCMP_SYS(sched_getaffinity),
    // Exit, also by a signal.
    SCMP_SYS(exit), SCMP_SYS(exit_group), SCMP_SYS(rt_sigreturn), SCMP_SYS(rt_sigprocmask), SCMP_SYS(rt_sigaction),
    SCMP_SYS(sigaltstack), SCMP_SYS(restart_syscall)};

constexpr int kDeadly[] = {SCMP_SYS(execve), SCMP_SYS(execveat), SCMP_SYS(socket), SCMP_SYS(connect), SCMP_SYS(ptrace)};

void check(int code) {
    if (code < 0) throw std::system_error(-code, std::generic_category(), "seccomp");
}

}  // namespace

void enter_sandbox() {
    const std::unique_ptr<void, void (*)(scmp_filter_ctx)> filter(seccomp_init(SCMP_ACT_ERRNO(EPERM)),
                                                                  &seccomp_release);
    if (!filter) throw std::bad_alloc();
    for (const int call : kAllowed) check(seccomp_rule_add(filter.get(), SCMP_ACT_ALLOW, call, 0));
    for (const int call : kDeadly) check(seccomp_rule_add(filter.get(), SCMP_ACT_KILL_PROCESS, call, 0));
    const scmp_arg_cmp no_code{.arg = 2, .op = SCMP_CMP_MASKED_EQ, .datum_a = PROT_EXEC, .datum_b = 0};
    for (const int call : {SCMP_SYS(mmap), SCMP_SYS(mprotect)}) {
        check(seccomp_rule_add_array(filter.get(), SCMP_ACT_ALLOW, call, 1, &no_code));
    }
    // abort() signals this process. Signals to other processes are not allowed.
    const scmp_arg_cmp to_itself{
        .arg = 0, .op = SCMP_CMP_EQ, .datum_a = static_cast<scmp_datum_t>(::getpid()), .datum_b = 0};
    check(seccomp_rule_add_array(filter.get(), SCMP_ACT_ALLOW, SCMP_SYS(tgkill), 1, &to_itself));
    check(seccomp_load(filter.get()));
}

}  // namespace audio_ident::seccomp
