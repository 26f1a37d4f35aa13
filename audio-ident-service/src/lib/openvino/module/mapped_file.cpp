#include "lib/openvino/module/mapped_file.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

namespace audio_ident::openvino {

std::shared_ptr<MappedFile> MappedFile::open(const std::filesystem::path& path) {
    const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (file < 0) return {};
    struct stat status {};
    void* data = MAP_FAILED;
    std::size_t size = 0;
    if (::fstat(file, &status) == 0 && status.st_size > 0) {
        size = static_cast<std::size_t>(status.st_size);
        data = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file, 0);
    }
    ::close(file);
    if (data == MAP_FAILED) return {};
    return std::shared_ptr<MappedFile>(new MappedFile(data, size));
}

MappedFile::~MappedFile() {
    ::munmap(data_, size_);
}

void MappedFile::forget_pages() const {
    ::madvise(data_, size_, MADV_DONTNEED);
}

}  // namespace audio_ident::openvino
