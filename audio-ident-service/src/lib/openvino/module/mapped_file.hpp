#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>

namespace audio_ident::openvino {

/// A file in memory, read as its pages are touched.
class MappedFile {
  public:
    /// nullptr when there is none, it is empty, or it cannot be read.
    static std::shared_ptr<MappedFile> open(const std::filesystem::path& path);
    ~MappedFile();
    MappedFile(const MappedFile&) = delete;
    MappedFile& operator=(const MappedFile&) = delete;

    void* data() const { return data_; }
    std::size_t size() const { return size_; }
    /// Gives the pages back; those that are touched again are read again.
    void forget_pages() const;

  private:
    MappedFile(void* data, std::size_t size) : data_(data), size_(size) {}

    void* data_;
    std::size_t size_;
};

}  // namespace audio_ident::openvino
