#include "util/mapped_file.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "util/descriptor.hpp"

namespace audio_ident::util {

std::shared_ptr<const MappedFile> MappedFile::open(const std::filesystem::path& path) {
    const Descriptor descriptor(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    struct stat status {};
    if (!descriptor || ::fstat(descriptor.get(), &status) != 0 || status.st_size <= 0) return nullptr;
    const auto size = static_cast<std::size_t>(status.st_size);
    void* data = ::mmap(nullptr, size, PROT_READ, MAP_SHARED, descriptor.get(), 0);
    if (data == MAP_FAILED) return nullptr;
    const std::shared_ptr<MappedFile> file(new MappedFile);
    file->data_ = data;
    file->size_ = size;
    file->device_ = status.st_dev;
    file->inode_ = status.st_ino;
    return file;
}

MappedFile::~MappedFile() {
    ::munmap(data_, size_);
}

bool MappedFile::is(const std::filesystem::path& path) const {
    struct stat status {};
    return ::stat(path.c_str(), &status) == 0 && status.st_dev == device_ && status.st_ino == inode_;
}

// If the kernel refuses, only time or memory is lost.
void MappedFile::read_ahead() const {
    static_cast<void>(::madvise(data_, size_, MADV_WILLNEED));
}

void MappedFile::forget_pages() const {
    static_cast<void>(::madvise(data_, size_, MADV_DONTNEED));
}

}  // namespace audio_ident::util
