#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

#include "core/result.hpp"
#include "http/message.hpp"
#include "http/multipart.hpp"
#include "http/route.hpp"

namespace audio_ident::http {

/// Receives a form, multipart or URL-encoded, piece by piece, and puts it into a Request. Fails with invalid_input when
/// the form is malformed or too large, and with not_available when all uploads together need too much memory or the
/// disk cannot take the file.
class FormReceiver {
  public:
    /// Limit for all bytes besides the file: other fields and the headers of parts.
    static constexpr std::uint64_t kMaxOtherBytes = 64 * 1024;

    static Result<std::unique_ptr<FormReceiver>> create(const FormRules& rules, std::string_view content_type);
    ~FormReceiver();
    /// The failure of an upload beyond the limit, or of a form without one that is too long.
    static Unexpected too_large(const FormRules& rules);

    /// May write to the disk, and block.
    Result<void> consume(std::string_view bytes);
    Result<void> finish(Request& request);

  private:
    explicit FormReceiver(FormRules rules) : rules_(std::move(rules)) {}
    Result<void> begin(PartHeader header);
    Result<void> data(std::string_view bytes);
    Result<void> end();
    Result<void> open_file();
    Result<void> store(std::string_view bytes);

    FormRules rules_;
    std::optional<MultipartParser> parser_;  ///< absent for a URL-encoded form
    std::string text_;                       ///< the current field so far, or the whole URL-encoded form
    std::optional<std::string> field_;       ///< name of the current field; absent while the file arrives
    std::uint64_t other_bytes_ = 0;
    int descriptor_ = -1;
    Fields fields_;
    std::shared_ptr<Upload> upload_;  ///< handed to the request, which shares it
};

/// Removes the files of uploads that were still arriving when a service was killed. Uploads that arrive now, also at
/// another service with the same folder, are locked or younger than a minute, and stay.
void remove_abandoned_uploads(const std::filesystem::path& folder);

}  // namespace audio_ident::http
