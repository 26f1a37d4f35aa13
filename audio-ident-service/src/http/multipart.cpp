#include "http/multipart.hpp"

#include <algorithm>
#include <boost/algorithm/string/predicate.hpp>

namespace audio_ident::http {
namespace {

Unexpected malformed(std::string_view what) {
    return Unexpected(Error{ErrorKind::invalid_input, fmt::format("the form is malformed: {}", what), {}});
}

std::string_view trim(std::string_view text) {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
    return text;
}

/// The value of a parameter in `; name=value; name="value"`. As browsers write it, a backslash in quotes stands for
/// itself unless a quote or a backslash follows.
std::optional<std::string> parameter_of(std::string_view text, std::string_view wanted) {
    std::size_t at = text.find(';');
    while (at < text.size()) {
        const auto equals = text.find('=', at);
        if (equals == std::string_view::npos) return std::nullopt;
        const auto name = trim(text.substr(at + 1, equals - at - 1));
        std::string value;
        std::size_t i = equals + 1;
        while (i < text.size() && (text[i] == ' ' || text[i] == '\t')) ++i;
        if (i < text.size() && text[i] == '"') {
            for (++i; i < text.size() && text[i] != '"'; ++i) {
                if (text[i] == '\\' && i + 1 < text.size() && (text[i + 1] == '"' || text[i + 1] == '\\')) ++i;
                value += text[i];
            }
            if (i == text.size()) return std::nullopt;
            at = text.find(';', i);
        } else {
            const auto end = text.find(';', i);
            value = trim(text.substr(i, end == std::string_view::npos ? end : end - i));
            at = end;
        }
        if (boost::algorithm::iequals(name, wanted)) return value;
    }
    return std::nullopt;
}

bool has_media_type(std::string_view content_type, std::string_view type) {
    return boost::algorithm::iequals(trim(content_type.substr(0, content_type.find(';'))), type);
}

}  // namespace

std::optional<std::string> MultipartParser::boundary_of(std::string_view content_type) {
    if (!has_media_type(content_type, "multipart/form-data")) return std::nullopt;
    auto boundary = parameter_of(content_type, "boundary");
    const auto printable = [](char c) { return c >= ' ' && c <= '~'; };
    if (!boundary || boundary->empty() || boundary->size() > 70 || boundary->back() == ' ' ||
        !std::all_of(boundary->begin(), boundary->end(), printable)) {
        return std::nullopt;
    }
    return boundary;
}

MultipartParser::MultipartParser(const std::string& boundary, Handlers handlers)
    : delimiter_("\r\n--" + boundary), handlers_(std::move(handlers)) {}

Result<void> MultipartParser::consume(std::string_view bytes) {
    buffer_.append(bytes);
    Result<void> outcome;
    while (outcome && step(outcome)) {
    }
    return outcome;
}

Result<void> MultipartParser::finish() const {
    if (state_ != State::epilogue) return malformed("it ends early");
    return {};
}

/// Goes to the next state; false when that needs more bytes.
bool MultipartParser::step(Result<void>& outcome) {
    switch (state_) {
        case State::preamble:
        case State::data: return take_data(outcome);
        case State::after_delimiter: {
            const auto begin = buffer_.find_first_not_of(" \t");
            if (std::min(begin, buffer_.size()) > kMaxHeaderBytes) {
                outcome = malformed("a delimiter is not followed by a line end");
                return false;
            }
            if (begin == std::string::npos || buffer_.size() < begin + 2) return false;
            if (buffer_.compare(begin, 2, "--") == 0) {
                state_ = State::epilogue;
            } else if (buffer_.compare(begin, 2, "\r\n") == 0) {
                // The line end stays, because a part may have no header at all.
                buffer_.erase(0, begin);
                state_ = State::header;
            } else {
                outcome = malformed("a delimiter is not followed by a line end");
            }
            return true;
        }
        case State::header: {
            const auto end = buffer_.find("\r\n\r\n");
            if (end > kMaxHeaderBytes && buffer_.size() > kMaxHeaderBytes) {
                outcome = malformed("the header of a part is too long");
                return false;
            }
            if (end == std::string::npos) return false;
            outcome = begin_part(std::string_view(buffer_).substr(0, end));
            buffer_.erase(0, end + 4);
            state_ = State::data;
            return true;
        }
        case State::epilogue: buffer_.clear(); return false;
    }
    return false;
}

bool MultipartParser::take_data(Result<void>& outcome) {
    const auto end = buffer_.find(delimiter_);
    const bool found = end != std::string::npos;
    const std::size_t ready = found ? end : buffer_.size() - std::min(buffer_.size(), delimiter_.size() - 1);
    if (state_ == State::data && ready > 0) outcome = handlers_.data(std::string_view(buffer_).substr(0, ready));
    buffer_.erase(0, found ? end + delimiter_.size() : ready);
    if (!found) return false;
    if (outcome && state_ == State::data) outcome = handlers_.end();
    state_ = State::after_delimiter;
    return true;
}

Result<void> MultipartParser::begin_part(std::string_view header) {
    if (++parts_ > kMaxParts) return malformed(fmt::format("it has more than {} parts", kMaxParts));
    while (!header.empty()) {
        const auto end = header.find("\r\n");
        const auto line = header.substr(0, end);
        header = end == std::string_view::npos ? std::string_view() : header.substr(end + 2);
        const auto colon = line.find(':');
        if (colon == std::string_view::npos || !boost::algorithm::iequals(line.substr(0, colon), "content-disposition"))
            continue;
        const auto value = line.substr(colon + 1);
        if (!has_media_type(value, "form-data")) return malformed("a part is not form-data");
        auto name = parameter_of(value, "name");
        if (!name) return malformed("a part has no name");
        return handlers_.begin({std::move(*name), parameter_of(value, "filename")});
    }
    return malformed("a part has no Content-Disposition");
}

}  // namespace audio_ident::http
