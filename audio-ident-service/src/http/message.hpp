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

// What routes see of HTTP. Nothing here knows sockets: http/connection.cpp translates.

namespace audio_ident::http {

/// Names and values in their order; of headers the names are lower-case.
using Fields = std::vector<std::pair<std::string, std::string>>;

/// The first value of this name; nullptr: none.
const std::string* find_field(const Fields& fields, std::string_view name);

/// A file that came as part of a form: in memory, or in a temporary file, which goes with this.
class Upload {
  public:
    Upload() = default;
    Upload(const Upload&) = delete;
    Upload& operator=(const Upload&) = delete;
    ~Upload();

    std::string file_name;  ///< as the client named it, any bytes
    std::string bytes;
    std::filesystem::path path;  ///< of the temporary file; empty: it is in `bytes`
    std::uint64_t size = 0;
};

struct Request {
    std::string id;      ///< a UUID, also in the answer and in the log
    std::string method;  ///< "HEAD" is served by the routes of "GET"
    std::string path;    ///< decoded
    std::string client;  ///< its address
    Fields path_parameters;
    Fields query;
    Fields headers;
    Fields form;
    std::shared_ptr<Upload> upload;  ///< shared by the connection that receives it and the route that works on it
    Deadline deadline;               ///< stop is requested when the client hangs up

    std::string_view header(std::string_view name) const {
        const auto* value = find_field(headers, name);
        return value ? std::string_view(*value) : std::string_view();
    }
};

/// Bytes [begin, begin + size) of an open file.
class FileSlice {
  public:
    /// Closes the descriptor when the last copy goes.
    FileSlice(int descriptor, std::uint64_t begin, std::uint64_t size);

    std::uint64_t size() const { return size_; }
    FileSlice part(std::uint64_t begin, std::uint64_t size) const;
    /// Up to `count` bytes from `offset` within the slice on; fewer only when the file has become shorter or unreadable.
    std::string read(std::uint64_t offset, std::size_t count) const;

  private:
    std::shared_ptr<const int> descriptor_;  ///< shared by copies
    std::uint64_t begin_;
    std::uint64_t size_;
};

/// What an answer of unknown length says next, asked a few times a second; nullopt ends it, an empty text is skipped.
using EventSource = std::function<std::optional<std::string>()>;

struct Response {
    unsigned status = 200;
    Fields headers;
    std::variant<std::string, FileSlice, EventSource> body = {};
    std::string_view error_code = {};  ///< of an error, for the log and the metrics

    Response& with(std::string name, std::string value) {
        headers.emplace_back(std::move(name), std::move(value));
        return *this;
    }
};

Response json_response(std::string text, unsigned status = 200);

}  // namespace audio_ident::http
