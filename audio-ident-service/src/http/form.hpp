#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

#include "core/result.hpp"
#include "http/message.hpp"
#include "http/multipart.hpp"
#include "http/route.hpp"

namespace audio_ident::http {

/// Receives a form, multipart or URL-encoded, piece by piece, into a Request. Fails with the contract's codes:
/// VALIDATION_ERROR, FILE_TOO_LARGE, and SERVICE_UNAVAILABLE when all uploads together need too much memory or the disk
/// refuses.
class FormReceiver {
  public:
    /// What may come besides the file: other fields and the parts' headers.
    static constexpr std::uint64_t kMaxOtherBytes = 64 * 1024;

    static Result<std::unique_ptr<FormReceiver>> create(const FormRules& rules, std::string_view content_type);
    ~FormReceiver();

    /// May write to the disk.
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
    std::optional<MultipartParser> parser_;  ///< absent: URL-encoded
    std::string text_;                       ///< of the field that is being received; of the whole URL-encoded form
    std::optional<std::string> field_;       ///< its name; absent: the file is being received
    std::uint64_t other_bytes_ = 0;
    std::uint64_t reserved_ = 0;
    int descriptor_ = -1;
    Fields fields_;
    std::shared_ptr<Upload> upload_;  ///< handed to the request
};

}  // namespace audio_ident::http
