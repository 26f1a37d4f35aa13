#include "lib/archive/tar_reader.hpp"

#include <archive.h>
#include <archive_entry.h>
#include <new>

namespace audio_ident::archive {

namespace {

constexpr std::size_t kBlockBytes = 256 * 1024;

}  // namespace

void TarReader::Close::operator()(::archive* handle) const {
    archive_read_free(handle);
}

Result<TarReader> TarReader::open(const std::filesystem::path& path) {
    std::unique_ptr<::archive, Close> handle(archive_read_new());
    if (!handle) throw std::bad_alloc();
    // No other archive format and no compression: model files do not compress.
    archive_read_support_format_tar(handle.get());
    TarReader reader(std::move(handle), path.string());
    if (archive_read_open_filename(reader.handle_.get(), path.c_str(), kBlockBytes) == ARCHIVE_OK) return reader;
    std::error_code error;
    if (std::filesystem::is_regular_file(path, error)) return reader.broken();
    return fail(ErrorKind::not_available, "cannot read {}", path.string());
}

Unexpected TarReader::broken() const {
    const char* why = archive_error_string(handle_.get());
    return fail(ErrorKind::corrupt, "{} is not a tar archive, or it is damaged: {}", path_,
                why ? why : "the file is empty");
}

Result<std::optional<TarReader::Entry>> TarReader::next() {
    for (;;) {
        archive_entry* entry = nullptr;
        const int state = archive_read_next_header(handle_.get(), &entry);
        if (state == ARCHIVE_EOF) return std::nullopt;
        // ARCHIVE_WARN only means a name that cannot be converted.
        if (state != ARCHIVE_OK && state != ARCHIVE_WARN) return broken();
        const char* name = archive_entry_pathname(entry);
        if (!name || archive_entry_filetype(entry) != AE_IFREG || archive_entry_hardlink(entry)) continue;
        return Entry{name, static_cast<std::uint64_t>(archive_entry_size(entry))};
    }
}

Result<std::size_t> TarReader::read(std::span<char> buffer) {
    const auto got = archive_read_data(handle_.get(), buffer.data(), buffer.size());
    if (got < 0) return broken();
    return static_cast<std::size_t>(got);
}

}  // namespace audio_ident::archive
