#include "audio/input.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "util/path_text.hpp"
#include "util/utf8.hpp"

namespace audio_ident::audio {

namespace {

/// File names may contain line breaks and escape sequences. A message must be one line that a terminal can show safely.
std::string display_name(const std::filesystem::path& path) {
    std::string name;
    for (const char c : util::path_to_text(path.native())) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte < 0x20 || byte == 0x7F) name += fmt::format("\\x{:02X}", byte);
        else name += c;
    }
    return name;
}

Unexpected cannot_open(const std::string& name, int code) {
    switch (code) {
        case ENOENT:
        case ENOTDIR: return fail(ErrorKind::not_available, "{}: no such file; check the name", name);
        case EACCES:
        case EPERM:
            return fail(ErrorKind::not_available, "{}: permission denied; give this user permission to read it", name);
        case ENAMETOOLONG: return fail(ErrorKind::invalid_input, "{}: the file name is too long", name);
        case ELOOP:
            return fail(ErrorKind::not_available, "{}: its symbolic links form a loop; point the link at a file", name);
        case EMFILE:
        case ENFILE:
            return fail(ErrorKind::not_available, "{}: too many open files; raise the limit (ulimit -n)", name);
        default: return fail(ErrorKind::not_available, "{}: cannot be opened: {}", name, std::strerror(code));
    }
}

Unexpected not_a_file(const std::string& name, mode_t mode) {
    if (S_ISDIR(mode)) {
        return fail(ErrorKind::invalid_input, "{}: is a folder, not an audio file; give the files in it", name);
    }
    const char* what = S_ISFIFO(mode) ? "a named pipe" : S_ISSOCK(mode) ? "a socket" : "a device";
    return fail(ErrorKind::invalid_input, "{}: is {}, not a regular file; save the recording to a file first", name,
                what);
}

Result<Input> open_file(const std::filesystem::path& path) {
    std::string name = display_name(path);
    struct stat status {};
    // Check before opening: opening a pipe or a device can block or have side effects.
    if (::stat(path.c_str(), &status) != 0) return cannot_open(name, errno);
    if (!S_ISREG(status.st_mode)) return not_a_file(name, status.st_mode);
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (descriptor < 0) return cannot_open(name, errno);
    if (::fstat(descriptor, &status) != 0 || !S_ISREG(status.st_mode)) {
        ::close(descriptor);
        return not_a_file(name, status.st_mode);
    }
    auto bytes = std::make_unique<ffmpeg::FileSource>(descriptor, status.st_size);
    if (bytes->size() == 0) return fail(ErrorKind::invalid_input, "{}: is empty (0 bytes); copy it again", name);
    return Input{std::move(name), std::move(bytes)};
}

}  // namespace

Result<Input> open_input(const Source& source) {
    if (const auto* path = std::get_if<std::filesystem::path>(&source)) return open_file(*path);
    const auto bytes = std::get<std::span<const std::byte>>(source);
    if (bytes.empty()) return fail(ErrorKind::invalid_input, "the recording is empty (0 bytes); send it again");
    return Input{"the recording", std::make_unique<ffmpeg::MemorySource>(bytes)};
}

}  // namespace audio_ident::audio
