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
    std::optional<std::string> file_name;  ///< absent for a plain field
};

/// Parses multipart/form-data (RFC 7578) while it arrives. Memory is bounded by the header of one part and one
/// delimiter, whatever the parts contain. The result does not depend on how the input is cut into pieces. Fails with
/// invalid_input, or as a handler fails; after a failure the parser must not be used.
class MultipartParser {
  public:
    struct Handlers {
        std::function<Result<void>(PartHeader)> begin;
        std::function<Result<void>(std::string_view)> data;  ///< of the current part
        std::function<Result<void>()> end;
    };
    static constexpr std::size_t kMaxHeaderBytes = 4096;
    static constexpr std::size_t kMaxParts = 32;

    /// The boundary in a Content-Type header; nullopt unless it is multipart/form-data with a valid boundary.
    static std::optional<std::string> boundary_of(std::string_view content_type);

    MultipartParser(const std::string& boundary, Handlers handlers);

    Result<void> consume(std::string_view bytes);
    /// Call it at the end of the body. Fails when the form is incomplete.
    Result<void> finish() const;

  private:
    enum class State { preamble, after_delimiter, header, data, epilogue };

    bool step(Result<void>& outcome);
    bool take_data(Result<void>& outcome);
    Result<void> begin_part(std::string_view header);

    std::string delimiter_;  ///< CR LF "--" boundary
    Handlers handlers_;
    State state_ = State::preamble;
    std::string buffer_ = "\r\n";  ///< the first delimiter may come at the very start
    std::size_t parts_ = 0;
};

}  // namespace audio_ident::http
