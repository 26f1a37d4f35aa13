#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "core/deadline.hpp"
#include "core/error.hpp"

// Requests and responses as routes see them. Nothing here knows sockets: http/connection.cpp translates.

namespace audio_ident::http {

/// Names and values in their order. Header names are in lower case.
using Fields = std::vector<std::pair<std::string, std::string>>;

/// The first value with this name, or nullptr.
const std::string* find_field(const Fields& fields, std::string_view name);

/// A file from a form. It is held in memory or in a temporary file; the destructor deletes the temporary file.
class Upload {
  public:
    Upload() = default;
    Upload(const Upload&) = delete;
    Upload& operator=(const Upload&) = delete;
    ~Upload();

    /// The bytes of all uploads that are held in memory, whether they arrive, wait or are worked on.
    static constexpr std::uint64_t kMostInMemory = std::uint64_t{512} << 20;
    /// Appends to `bytes`. Returns false, and appends nothing, when the uploads would have more than kMostInMemory.
    bool hold(std::string_view more);

    std::string file_name;  ///< the client's name for it; any bytes
    std::string bytes;
    std::filesystem::path path;  ///< of the temporary file; empty when the content is in `bytes`
    std::uint64_t size = 0;

  private:
    std::uint64_t held_ = 0;
};

struct Request {
    std::string id;      ///< a UUID; the response and the log carry it too
    std::string method;  ///< the routes for "GET" also serve "HEAD"
    std::string path;    ///< decoded
    std::string client;  ///< IP address
    Fields path_parameters;
    Fields query;
    Fields headers;
    Fields form;
    std::shared_ptr<Upload> upload;  ///< shared by the connection that receives it and the route that uses it
    Deadline deadline;               ///< a stop is requested when the client hangs up

    std::string_view header(std::string_view name) const {
        const auto* value = find_field(headers, name);
        return value ? std::string_view(*value) : std::string_view();
    }
};

/// Bytes [begin, begin + size) of an open file.
class FileSlice {
  public:
    /// Takes the descriptor, and closes it when the last copy is destroyed.
    FileSlice(int descriptor, std::uint64_t begin, std::uint64_t size);

    std::uint64_t size() const { return size_; }
    FileSlice part(std::uint64_t begin, std::uint64_t size) const;
    /// Up to `count` bytes, starting at `offset` within the slice. Fewer only at the slice's end, or when the file was
    /// truncated or cannot be read.
    std::string read(std::uint64_t offset, std::size_t count) const;

  private:
    std::shared_ptr<const int> descriptor_;  ///< shared by copies
    std::uint64_t begin_;
    std::uint64_t size_;
};

/// Gives the next piece of a response of unknown length. The connection calls it a few times a second: an empty text
/// sends nothing, nullopt ends the response.
using EventSource = std::function<std::optional<std::string>()>;

struct Response {
    unsigned status = 200;
    Fields headers;
    std::variant<std::string, FileSlice, EventSource> body = {};
    /// The failure that this response reports. Service::complete() turns it into status, code and body.
    std::optional<Error> error = {};
    std::string_view error_code = {};  ///< set with the body of an error, for the log and the metrics

    Response& with(std::string name, std::string value) {
        headers.emplace_back(std::move(name), std::move(value));
        return *this;
    }
};

Response json_response(std::string text, unsigned status = 200);
/// A response that reports a failure. It may carry headers of its own.
Response error_response(Error error);

}  // namespace audio_ident::http
