// Stands between a program and its files (LD_PRELOAD), for the tests of faults only. It counts the calls that change
// files below one folder, writes them down, and lets one of them fail, tear or kill the program. README.md lists the
// environment variables. It makes system calls itself, so that it also works below the sanitizers.

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <climits>
#include <csignal>
#include <cstdarg>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <dlfcn.h>
#include <fcntl.h>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>
#include <vector>

namespace {

enum class Act { none, fail, full, tear, kill };

std::string variable(const char* name) {
    const char* value = ::getenv(name);
    return value ? value : "";
}

Act act_of(const std::string& word) {
    if (word == "fail") return Act::fail;
    if (word == "full") return Act::full;
    if (word == "tear") return Act::tear;
    return word == "kill" ? Act::kill : Act::none;
}

/// What the environment asks for.
struct Plan {
    std::string root = variable("FILE_FAULTS_ROOT");  ///< "": do nothing
    std::string log = variable("FILE_FAULTS_LOG");
    Act act = act_of(variable("FILE_FAULTS_ACT"));
    std::uint64_t at = std::strtoull(variable("FILE_FAULTS_AT").c_str(), nullptr, 10);
};

const Plan& plan() {
    static const Plan value;
    return value;
}

std::recursive_mutex& mutex() {
    static std::recursive_mutex value;
    return value;
}

struct File {
    std::uint64_t inode = 0;
    bool appends = false;
    bool synced = false;  ///< each write reaches the disk before it returns
};

constexpr int kMostDescriptors = 4096;
std::array<std::atomic<bool>, kMostDescriptors> known{};
std::array<File, kMostDescriptors> files;

/// The record of the log, see disk.py.
struct [[gnu::packed]] Head {
    char kind;
    std::uint64_t inode;
    std::int64_t offset;
    std::uint32_t path, target, data;
};

void put_all(int descriptor, std::string_view bytes) {
    while (!bytes.empty()) {
        const long done = ::syscall(SYS_write, descriptor, bytes.data(), bytes.size());
        if (done <= 0) ::abort();
        bytes.remove_prefix(static_cast<std::size_t>(done));
    }
}

void record(char kind, std::uint64_t inode, std::int64_t offset, std::string_view path = {},
            std::string_view target = {}, std::string_view data = {}) {
    if (plan().log.empty()) return;
    static const int log = static_cast<int>(
        ::syscall(SYS_openat, AT_FDCWD, plan().log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644));
    const Head head{kind,
                    inode,
                    offset,
                    static_cast<std::uint32_t>(path.size()),
                    static_cast<std::uint32_t>(target.size()),
                    static_cast<std::uint32_t>(data.size())};
    std::string bytes(reinterpret_cast<const char*>(&head), sizeof head);
    bytes.append(path).append(target).append(data);
    put_all(log, bytes);
}

std::string link_of(int descriptor) {
    std::array<char, PATH_MAX> text{};
    const auto name = "/proc/self/fd/" + std::to_string(descriptor);
    const ssize_t size = ::readlink(name.c_str(), text.data(), text.size());
    return {text.data(), size > 0 ? static_cast<std::size_t>(size) : 0};
}

/// The path below the root; nullopt when it is elsewhere.
std::optional<std::string> below_root(int folder, const char* path) {
    if (plan().root.empty() || path == nullptr) return std::nullopt;
    std::string whole = path;
    if (whole.empty() || whole[0] != '/') {
        std::array<char, PATH_MAX> here{};
        const std::string base = folder != AT_FDCWD                   ? link_of(folder)
                                 : ::getcwd(here.data(), here.size()) ? here.data()
                                                                      : "";
        whole = base + "/" + whole;
    }
    while (whole.ends_with('/')) whole.pop_back();
    const std::string& root = plan().root;
    if (whole == root) return "";
    if (!whole.starts_with(root + "/")) return std::nullopt;
    return whole.substr(root.size() + 1);
}

std::uint64_t inode_of(int descriptor) {
    struct stat status {};
    return ::fstat(descriptor, &status) == 0 ? status.st_ino : 0;
}

std::uint64_t inode_at(int folder, const char* path) {
    struct stat status {};
    return ::fstatat(folder, path, &status, AT_SYMLINK_NOFOLLOW) == 0 ? status.st_ino : 0;
}

/// The file behind a descriptor, if it is below the root. Descriptors that were closed unseen are forgotten here.
File* file_of(int descriptor) {
    if (descriptor < 0 || descriptor >= kMostDescriptors || !known[static_cast<std::size_t>(descriptor)])
        return nullptr;
    File& file = files[static_cast<std::size_t>(descriptor)];
    if (inode_of(descriptor) == file.inode) return &file;
    known[static_cast<std::size_t>(descriptor)] = false;
    return nullptr;
}

void remember(int descriptor, int flags) {
    if (descriptor < 0 || descriptor >= kMostDescriptors) return;
    files[static_cast<std::size_t>(descriptor)] = {inode_of(descriptor), (flags & O_APPEND) != 0,
                                                   (flags & O_DSYNC) != 0};
    known[static_cast<std::size_t>(descriptor)] = true;
}

[[noreturn]] void die() {
    ::syscall(SYS_kill, ::getpid(), SIGKILL);
    ::abort();
}

enum class Needs { nothing, space };
enum class Verdict { go, fail, tear };

/// Counts a call, and says what becomes of it. `fail` sets errno.
Verdict next_call(Needs needs) {
    static std::uint64_t calls = 0;
    ++calls;
    if (plan().at == 0 || calls < plan().at) return Verdict::go;
    if (plan().act == Act::full && needs == Needs::space) {
        errno = ENOSPC;
        return Verdict::fail;
    }
    if (calls != plan().at) return Verdict::go;
    switch (plan().act) {
        case Act::none:
        case Act::full: return Verdict::go;
        case Act::fail: errno = EIO; return Verdict::fail;
        case Act::tear: errno = EIO; return needs == Needs::space ? Verdict::tear : Verdict::fail;
        case Act::kill:
            if (needs == Needs::space) return Verdict::tear;
            die();
    }
    return Verdict::go;
}

using Lock = std::lock_guard<std::recursive_mutex>;

/// A write of one piece. `offset` < 0: where the descriptor stands.
ssize_t write_piece(int descriptor, const File& file, std::string_view bytes, off_t offset) {
    const Verdict verdict = next_call(Needs::space);
    if (verdict == Verdict::fail) return -1;
    if (verdict == Verdict::tear) bytes = bytes.substr(0, bytes.size() / 2);
    off_t at = offset;
    if (offset < 0) at = ::lseek(descriptor, 0, file.appends ? SEEK_END : SEEK_CUR);
    const ssize_t done = offset < 0 ? ::syscall(SYS_write, descriptor, bytes.data(), bytes.size())
                                    : ::syscall(SYS_pwrite64, descriptor, bytes.data(), bytes.size(), offset);
    if (done > 0) {
        record(file.synced ? 'w' : 'W', file.inode, at, {}, {}, bytes.substr(0, static_cast<std::size_t>(done)));
    }
    if (verdict == Verdict::go) return done;
    if (plan().act == Act::kill) die();
    errno = EIO;
    return -1;
}

std::string joined(const iovec* pieces, int count) {
    std::string bytes;
    for (int i = 0; i < count; ++i) bytes.append(static_cast<const char*>(pieces[i].iov_base), pieces[i].iov_len);
    return bytes;
}

int open_file(int folder, const char* path, int flags, mode_t mode) {
    const auto name = below_root(folder, path);
    if (!name) return static_cast<int>(::syscall(SYS_openat, folder, path, flags, mode));
    const Lock lock(mutex());
    const std::uint64_t before = inode_at(folder, path);
    const bool creates = (flags & O_CREAT) != 0 && before == 0;
    const bool empties = (flags & O_TRUNC) != 0 && before != 0;
    if ((creates || empties) && next_call(creates ? Needs::space : Needs::nothing) != Verdict::go) {
        if (plan().act == Act::kill) die();
        return -1;
    }
    const int descriptor = static_cast<int>(::syscall(SYS_openat, folder, path, flags, mode));
    if (descriptor < 0) return descriptor;
    remember(descriptor, flags);
    if (creates) record('C', inode_of(descriptor), 0, *name);
    if (empties) record('T', inode_of(descriptor), 0);
    return descriptor;
}

mode_t mode_of(int flags, va_list rest) {
    return (flags & (O_CREAT | O_TMPFILE)) != 0 ? va_arg(rest, mode_t) : 0;
}

/// A call that changes names: counted, made, written down.
template <typename Call, typename Note>
int change_names(Needs needs, Call&& call, Note&& note) {
    const Lock lock(mutex());
    if (next_call(needs) != Verdict::go) {
        if (plan().act == Act::kill) die();
        return -1;
    }
    const int code = static_cast<int>(call());
    if (code == 0) note();
    return code;
}

int remove_name(int folder, const char* path, int flags) {
    const auto name = below_root(folder, path);
    const auto call = [&] { return ::syscall(SYS_unlinkat, folder, path, flags); };
    if (!name || inode_at(folder, path) == 0) return static_cast<int>(call());
    return change_names(Needs::nothing, call, [&] { record((flags & AT_REMOVEDIR) != 0 ? 'X' : 'U', 0, 0, *name); });
}

int make_folder(int folder, const char* path, mode_t mode) {
    const auto name = below_root(folder, path);
    const auto call = [&] { return ::syscall(SYS_mkdirat, folder, path, mode); };
    if (!name || inode_at(folder, path) != 0) return static_cast<int>(call());
    return change_names(Needs::space, call, [&] { record('D', inode_at(folder, path), 0, *name); });
}

int two_names(char kind, const char* from, const char* to) {
    const auto name = below_root(AT_FDCWD, from);
    const auto target = below_root(AT_FDCWD, to);
    const auto call = [&] {
        return kind == 'R' ? ::syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0)
                           : ::syscall(SYS_linkat, AT_FDCWD, from, AT_FDCWD, to, 0);
    };
    if (!name && !target) return static_cast<int>(call());
    return change_names(Needs::space, call, [&] { record(kind, 0, 0, name.value_or(""), target.value_or("")); });
}

int synchronise(int descriptor, long call) {
    const File* file = file_of(descriptor);
    if (!file) return static_cast<int>(::syscall(call, descriptor));
    return change_names(
        Needs::nothing, [&] { return ::syscall(call, descriptor); }, [&] { record('S', file->inode, 0); });
}

int change_size(int descriptor, off_t size) {
    const File* file = file_of(descriptor);
    if (!file) return static_cast<int>(::syscall(SYS_ftruncate, descriptor, size));
    return change_names(
        Needs::space, [&] { return ::syscall(SYS_ftruncate, descriptor, size); },
        [&] { record('T', file->inode, size); });
}

int make_temporary(char* pattern, int flags) {
    static std::atomic<unsigned> counter = 0;
    const std::size_t at = std::strlen(pattern) - 6;
    for (;;) {
        std::array<char, 7> digits{};
        std::snprintf(digits.data(), digits.size(), "%02x%04x", counter++ & 0xffU,
                      static_cast<unsigned>(::getpid()) & 0xffffU);
        std::memcpy(pattern + at, digits.data(), 6);
        const int descriptor = open_file(AT_FDCWD, pattern, flags | O_RDWR | O_CREAT | O_EXCL, 0600);
        if (descriptor >= 0 || errno != EEXIST) return descriptor;
    }
}

FILE* open_stream(const char* function, const char* path, const char* mode) {
    using Open = FILE* (*)(const char*, const char*);
    const auto real = reinterpret_cast<Open>(::dlsym(RTLD_NEXT, function));
    const auto name = below_root(AT_FDCWD, path);
    if (!name || std::string_view(mode).find_first_of("wa+") == std::string_view::npos) return real(path, mode);
    const Lock lock(mutex());
    const bool creates = inode_at(AT_FDCWD, path) == 0;
    if (next_call(Needs::space) != Verdict::go) {
        if (plan().act == Act::kill) die();
        return nullptr;
    }
    FILE* stream = real(path, mode);
    if (!stream) return nullptr;
    const int descriptor = ::fileno(stream);
    remember(descriptor, *mode == 'a' ? O_APPEND : 0);
    if (creates) record('C', inode_of(descriptor), 0, *name);
    else if (*mode == 'w') record('T', inode_of(descriptor), 0);
    return stream;
}

void* map_file(void* address, std::size_t length, int protection, int flags, int descriptor, off_t offset) {
    const auto call = [&] {
        return reinterpret_cast<void*>(  // NOLINT(performance-no-int-to-ptr)
            ::syscall(SYS_mmap, address, length, protection, flags, descriptor, offset));
    };
    if (descriptor < 0 || !file_of(descriptor)) return call();
    const Lock lock(mutex());
    if (next_call(Needs::nothing) == Verdict::go) {
        record('M', 0, 0);
        return call();
    }
    errno = ENOMEM;
    return MAP_FAILED;
}

}  // namespace

extern "C" {

int open(const char* path, int flags, ...) {
    va_list rest;
    va_start(rest, flags);
    const mode_t mode = mode_of(flags, rest);
    va_end(rest);
    return open_file(AT_FDCWD, path, flags, mode);
}
int open64(const char* path, int flags, ...) {
    va_list rest;
    va_start(rest, flags);
    const mode_t mode = mode_of(flags, rest);
    va_end(rest);
    return open_file(AT_FDCWD, path, flags, mode);
}
int openat(int folder, const char* path, int flags, ...) {
    va_list rest;
    va_start(rest, flags);
    const mode_t mode = mode_of(flags, rest);
    va_end(rest);
    return open_file(folder, path, flags, mode);
}
int openat64(int folder, const char* path, int flags, ...) {
    va_list rest;
    va_start(rest, flags);
    const mode_t mode = mode_of(flags, rest);
    va_end(rest);
    return open_file(folder, path, flags, mode);
}
int creat(const char* path, mode_t mode) {
    return open_file(AT_FDCWD, path, O_WRONLY | O_CREAT | O_TRUNC, mode);
}
FILE* fopen(const char* path, const char* mode) {
    return open_stream("fopen", path, mode);
}
FILE* fopen64(const char* path, const char* mode) {
    return open_stream("fopen64", path, mode);
}
int mkostemp(char* pattern, int flags) {
    return make_temporary(pattern, flags);
}
int mkostemp64(char* pattern, int flags) {
    return make_temporary(pattern, flags);
}
int mkstemp(char* pattern) {
    return make_temporary(pattern, 0);
}
int close(int descriptor) {
    if (descriptor >= 0 && descriptor < kMostDescriptors) known[static_cast<std::size_t>(descriptor)] = false;
    return static_cast<int>(::syscall(SYS_close, descriptor));
}
ssize_t write(int descriptor, const void* bytes, std::size_t size) {
    const File* file = file_of(descriptor);
    if (!file) return ::syscall(SYS_write, descriptor, bytes, size);
    const Lock lock(mutex());
    return write_piece(descriptor, *file, {static_cast<const char*>(bytes), size}, -1);
}
ssize_t pwrite(int descriptor, const void* bytes, std::size_t size, off_t offset) {
    const File* file = file_of(descriptor);
    if (!file) return ::syscall(SYS_pwrite64, descriptor, bytes, size, offset);
    const Lock lock(mutex());
    return write_piece(descriptor, *file, {static_cast<const char*>(bytes), size}, offset);
}
ssize_t pwrite64(int descriptor, const void* bytes, std::size_t size, off64_t offset) {
    return pwrite(descriptor, bytes, size, offset);
}
ssize_t writev(int descriptor, const iovec* pieces, int count) {
    const File* file = file_of(descriptor);
    if (!file) return ::syscall(SYS_writev, descriptor, pieces, count);
    const Lock lock(mutex());
    return write_piece(descriptor, *file, joined(pieces, count), -1);
}
ssize_t pwritev(int descriptor, const iovec* pieces, int count, off_t offset) {
    const File* file = file_of(descriptor);
    if (!file) return ::syscall(SYS_pwritev, descriptor, pieces, count, offset, 0);
    const Lock lock(mutex());
    return write_piece(descriptor, *file, joined(pieces, count), offset);
}
ssize_t pwritev64(int descriptor, const iovec* pieces, int count, off64_t offset) {
    return pwritev(descriptor, pieces, count, offset);
}
int fsync(int descriptor) {
    return synchronise(descriptor, SYS_fsync);
}
int fdatasync(int descriptor) {
    return synchronise(descriptor, SYS_fdatasync);
}
int ftruncate(int descriptor, off_t size) {
    return change_size(descriptor, size);
}
int ftruncate64(int descriptor, off64_t size) {
    return change_size(descriptor, size);
}
int unlink(const char* path) {
    return remove_name(AT_FDCWD, path, 0);
}
int unlinkat(int folder, const char* path, int flags) {
    return remove_name(folder, path, flags);
}
int rmdir(const char* path) {
    return remove_name(AT_FDCWD, path, AT_REMOVEDIR);
}
int remove(const char* path) {
    struct stat status {};
    const bool folder = ::lstat(path, &status) == 0 && S_ISDIR(status.st_mode);
    return remove_name(AT_FDCWD, path, folder ? AT_REMOVEDIR : 0);
}
int mkdir(const char* path, mode_t mode) {
    return make_folder(AT_FDCWD, path, mode);
}
int mkdirat(int folder, const char* path, mode_t mode) {
    return make_folder(folder, path, mode);
}
int rename(const char* from, const char* to) {
    return two_names('R', from, to);
}
int link(const char* from, const char* to) {
    return two_names('L', from, to);
}
void* mmap(void* address, std::size_t length, int protection, int flags, int descriptor, off_t offset) {
    return map_file(address, length, protection, flags, descriptor, offset);
}
void* mmap64(void* address, std::size_t length, int protection, int flags, int descriptor, off64_t offset) {
    return map_file(address, length, protection, flags, descriptor, offset);
}

}  // extern "C"
