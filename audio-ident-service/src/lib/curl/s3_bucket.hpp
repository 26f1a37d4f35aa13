#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/deadline.hpp"
#include "core/result.hpp"
#include "lib/curl/handle_pool.hpp"

namespace audio_ident::curl {

/// Where the bucket's name stands in the address of an object.
enum class S3Style {
    path,  ///< https://HOST/BUCKET/NAME
    host   ///< https://BUCKET.HOST/NAME
};

struct S3Address {
    std::string endpoint;  ///< "https://HOST[:PORT]"
    std::string region;
    std::string bucket;
    std::string prefix;  ///< before all names: "a/b/", or empty
    S3Style style = S3Style::path;
    std::string access_key;
    std::string secret_key;
};

/// What is known of an object without its bytes.
struct S3Object {
    std::uint64_t bytes = 0;
    /// Time of modification of the file that put() was given, or, of objects that another program put there without
    /// that (as the header x-amz-meta-mtime), when they came. Nanoseconds since 1970.
    std::int64_t modified_ns = 0;
};

struct S3Entry {
    std::string name;  ///< without the prefix
    std::uint64_t bytes = 0;
};

/// Objects in a bucket of S3, or of a server that speaks its protocol. Requests are signed with version 4 of AWS's
/// signatures, which libcurl makes, bodies included. Names are any UTF-8.
///
/// A request that finds no server, loses its connection or gets a status from 500 on is sent three times at most.
/// Every call fails with not_available when the server cannot be reached, with invalid_input when it refuses (keys,
/// bucket, rights), and with timeout when the deadline passes or a stop is requested. Thread-safe.
class S3Bucket {
  public:
    /// The most that can be put in one piece.
    static constexpr std::uint64_t kMostBytes = std::uint64_t{5} << 30;

    explicit S3Bucket(S3Address address) : address_(std::move(address)) {}

    /// Stores a file, which must not change meanwhile. `sha256`: 64 hexadecimal digits; the server refuses other bytes.
    /// Other programs see the whole old object or the whole new one. Fails also with not_available when the file cannot
    /// be read.
    Result<void> put(const std::string& name, const std::filesystem::path& file, const std::string& sha256,
                     const Deadline& deadline);

    using Sink = std::function<Result<void>(std::span<const std::byte>)>;
    /// Reads an object. Calls `begin` before its first byte, again when a lost connection makes it begin again, and
    /// gives the bytes to the sink that this returns. nullopt when there is no such object. Fails with their errors.
    Result<std::optional<S3Object>> get(const std::string& name, const std::function<Result<Sink>()>& begin,
                                        const Deadline& deadline);
    Result<std::optional<S3Object>> look(const std::string& name, const Deadline& deadline);
    /// An absent one is fine.
    Result<void> remove(const std::string& name, const Deadline& deadline);
    /// All objects whose names begin so, in the order of their names' bytes.
    Result<std::vector<S3Entry>> list(const std::string& begin, const Deadline& deadline);
    /// Whether the server lets us list the bucket.
    Result<void> check(const Deadline& deadline);

    /// "s3://BUCKET/PREFIX at https://HOST", for messages.
    std::string text() const;

  private:
    struct Request;
    struct Answer;

    std::string url_of(const std::string& name) const;
    /// Sends a request up to three times. The status of the answer is 2xx or 404.
    Result<Answer> send(const Request& request, const Deadline& deadline);
    Result<Answer> send_once(const Request& request, const Deadline& deadline, bool& again);
    Result<std::string> list_once(const std::string& begin, const std::string& from, const char* most,
                                  const Deadline& deadline);

    S3Address address_;
    HandlePool handles_;
};

}  // namespace audio_ident::curl
