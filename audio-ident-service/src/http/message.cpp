#include "http/message.hpp"

#include <algorithm>
#include <atomic>
#include <unistd.h>

namespace audio_ident::http {

const std::string* find_field(const Fields& fields, std::string_view name) {
    const auto found =
        std::find_if(fields.begin(), fields.end(), [&](const auto& field) { return field.first == name; });
    return found == fields.end() ? nullptr : &found->second;
}

namespace {

std::atomic<std::uint64_t> held_by_all = 0;

}  // namespace

bool Upload::hold(std::string_view more) {
    if ((held_by_all += more.size()) > kMostInMemory) {
        held_by_all -= more.size();
        return false;
    }
    held_ += more.size();
    bytes.append(more);
    return true;
}

Upload::~Upload() {
    held_by_all -= held_;
    std::error_code ignored;
    if (!path.empty()) std::filesystem::remove(path, ignored);
}

FileSlice::FileSlice(int descriptor, std::uint64_t begin, std::uint64_t size)
    : descriptor_(new int(descriptor),
                  [](const int* open) {
                      ::close(*open);
                      delete open;
                  }),
      begin_(begin),
      size_(size) {}

FileSlice FileSlice::part(std::uint64_t begin, std::uint64_t size) const {
    FileSlice slice = *this;
    slice.begin_ += begin;
    slice.size_ = size;
    return slice;
}

std::string FileSlice::read(std::uint64_t offset, std::size_t count) const {
    std::string bytes(static_cast<std::size_t>(std::min<std::uint64_t>(count, size_ - std::min(offset, size_))), '\0');
    std::size_t done = 0;
    while (done < bytes.size()) {
        const auto got =
            ::pread(*descriptor_, bytes.data() + done, bytes.size() - done, static_cast<off_t>(begin_ + offset + done));
        if (got <= 0) break;
        done += static_cast<std::size_t>(got);
    }
    bytes.resize(done);
    return bytes;
}

Response json_response(std::string text, unsigned status) {
    Response response;
    response.status = status;
    response.headers = {{"Content-Type", "application/json"}};
    response.body = std::move(text);
    return response;
}

Response error_response(Error error) {
    Response response;
    response.error = std::move(error);
    return response;
}

}  // namespace audio_ident::http
