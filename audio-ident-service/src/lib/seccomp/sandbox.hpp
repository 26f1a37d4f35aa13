#pragma once

namespace audio_ident::seccomp {

/// Permanently restricts this process to computing, allocating memory that is not executable, and using descriptors
/// that are already open. It can no longer open a file, run a program or create a socket. A forbidden call fails with
/// EPERM; exec, socket, connect and ptrace end the process. Throws std::system_error when the kernel does not support
/// this.
void enter_sandbox();

}  // namespace audio_ident::seccomp
