#include "util/json.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <cmath>
#include <fmt/format.h>
#include <iterator>

namespace audio_ident::util {
namespace {

void append(std::string& text, const boost::json::value& value) {
    switch (value.kind()) {
        case boost::json::kind::object: {
            text += '{';
            const char* separator = "";
            for (const auto& member : value.get_object()) {
                text += separator;
                text += boost::json::serialize(member.key());
                text += ':';
                append(text, member.value());
                separator = ",";
            }
            text += '}';
            return;
        }
        case boost::json::kind::array: {
            text += '[';
            const char* separator = "";
            for (const auto& item : value.get_array()) {
                text += separator;
                append(text, item);
                separator = ",";
            }
            text += ']';
            return;
        }
        case boost::json::kind::double_: {
            const double number = value.get_double();
            if (std::isfinite(number)) fmt::format_to(std::back_inserter(text), "{}", number);
            else text += "null";
            return;
        }
        default: text += boost::json::serialize(value);
    }
}

}  // namespace

std::string json_text(const boost::json::value& value) {
    std::string text;
    append(text, value);
    return text;
}

}  // namespace audio_ident::util
