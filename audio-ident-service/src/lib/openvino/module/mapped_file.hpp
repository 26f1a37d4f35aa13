#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>

namespace audio_ident::openvino {

/// A memory-mapped file. Pages are read when they are first touched.
class MappedFile {
  public:
    /// nullptr when the file does not exist, is empty or cannot be read.
    static std::shared_ptr<MappedFile> open(const std::filesystem::path& path);
    ~MappedFile();
    MappedFile(const MappedFile&) = delete;
    MappedFile& operator=(const MappedFile&) = delete;

    void* data() const { return data_; }
    std::size_t size() const { return size_; }
    /// Frees the memory of the pages. Pages that are touched again are read again.
    void forget_pages() const;

  private:
    MappedFile(void* data, std::size_t size) : data_(data), size_(size) {}

    void* data_;
    std::size_t size_;
};

}  // namespace audio_ident::openvino
