#pragma once

namespace audio_ident::seccomp {

/// Gives up, for this process and for ever, everything but computing, memory that is not code, and the descriptors that
/// are open: no file can be opened, no program run, no socket made. A call that is not allowed fails with EPERM; exec,
/// socket, connect and ptrace end the process. Throws std::system_error when the kernel cannot do it.
void enter_sandbox();

}  // namespace audio_ident::seccomp
