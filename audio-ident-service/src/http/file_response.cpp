#include "http/file_response.hpp"

#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

#include "http/range.hpp"

namespace audio_ident::http {
namespace {

struct OpenFile {
    FileSlice content;
    std::string tag;
};

Result<OpenFile> open_file(const std::filesystem::path& path) {
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    struct stat status {};
    if (descriptor < 0 || ::fstat(descriptor, &status) != 0 || !S_ISREG(status.st_mode)) {
        const int code = descriptor < 0 ? errno : EINVAL;
        if (descriptor >= 0) ::close(descriptor);
        return fail(ErrorKind::not_available, "{}", std::error_code(code, std::generic_category()).message());
    }
    const auto size = static_cast<std::uint64_t>(status.st_size);
    const auto modified_ns = std::int64_t{status.st_mtim.tv_sec} * 1'000'000'000 + status.st_mtim.tv_nsec;
    return OpenFile{FileSlice(descriptor, 0, size), fmt::format("\"{:x}-{:x}\"", size, modified_ns)};
}

Response not_satisfiable(const OpenFile& file) {
    return error_response(
               {ErrorKind::invalid_input, "the range begins after the end of the file", Reason::range_not_satisfiable})
        .with("Content-Range", fmt::format("bytes */{}", file.content.size()))
        .with("ETag", file.tag);
}

}  // namespace

Result<Response> file_response(const std::filesystem::path& path, const std::string& media_type,
                               const Request& request) {
    const auto file = open_file(path);
    if (!file) return forward(file);
    const auto& content = file->content;
    Response response;
    response.with("Content-Type", media_type)
        .with("ETag", file->tag)
        .with("Accept-Ranges", "bytes")
        .with("Cache-Control", "private, no-cache");
    const auto known = request.header("if-none-match");
    if (known == "*" || known.find(file->tag) != std::string_view::npos) {
        response.status = 304;
        return response;
    }
    const auto condition = request.header("if-range");
    const bool ranged = condition.empty() || condition == file->tag;
    const auto range = ranged ? parse_range(request.header("range"), content.size()) : WholeBody{};
    if (std::holds_alternative<Unsatisfiable>(range)) return not_satisfiable(*file);
    if (const auto* part = std::get_if<ByteRange>(&range)) {
        response.status = 206;
        response.with("Content-Range",
                      fmt::format("bytes {}-{}/{}", part->begin, part->begin + part->size - 1, content.size()));
        response.body = content.part(part->begin, part->size);
    } else {
        response.body = content;
    }
    return response;
}

}  // namespace audio_ident::http
