#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "core/result.hpp"

namespace audio_ident::http {

/// The header of a part of a form.
struct PartHeader {
    std::string name;
    std::optional<std::string> file_name;  ///< absent: a plain field
};

/// Takes multipart/form-data (RFC 7578) apart while it arrives: memory is bounded by one part's header and one delimiter,
/// whatever the parts hold. How the input is cut does not matter. Every failure is invalid_input, VALIDATION_ERROR, or
/// what a handler failed with; after one the parser is done.
class MultipartParser {
  public:
    struct Handlers {
        std::function<Result<void>(PartHeader)> begin;
        std::function<Result<void>(std::string_view)> data;  ///< of the part begun last
        std::function<Result<void>()> end;
    };
    static constexpr std::size_t kMaxHeaderBytes = 4096;
    static constexpr std::size_t kMaxParts = 32;

    /// The boundary that a Content-Type header names; nullopt when it is no multipart/form-data or has no valid one.
    static std::optional<std::string> boundary_of(std::string_view content_type);

    MultipartParser(const std::string& boundary, Handlers handlers);

    Result<void> consume(std::string_view bytes);
    /// At the end of the body: fails when the form is incomplete.
    Result<void> finish() const;

  private:
    enum class State { preamble, after_delimiter, header, data, epilogue };

    bool step(Result<void>& outcome);
    bool take_data(Result<void>& outcome);
    Result<void> begin_part(std::string_view header);

    std::string delimiter_;  ///< CR LF "--" boundary
    Handlers handlers_;
    State state_ = State::preamble;
    std::string buffer_ = "\r\n";  ///< a first delimiter may stand at the very beginning
    std::size_t parts_ = 0;
};

}  // namespace audio_ident::http
