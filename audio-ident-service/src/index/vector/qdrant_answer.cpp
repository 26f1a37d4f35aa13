#include "index/vector/qdrant_answer.hpp"

#include <boost/json/object.hpp>
#include <fmt/format.h>
#include <utility>

namespace audio_ident::index {

using boost::json::array;
using boost::json::value;

const value& member(const value& from, std::string_view name) {
    const auto* object = from.if_object();
    const value* found = object ? object->if_contains(name) : nullptr;
    if (!found) throw Corrupt(fmt::format("\"{}\" is missing", name));
    return *found;
}

value& member(value& from, std::string_view name) {
    return const_cast<value&>(member(std::as_const(from), name));
}

const array& items(const value& list) {
    const auto* found = list.if_array();
    if (!found) throw Corrupt("a list is missing");
    return *found;
}

array& items(value& list) {
    return const_cast<array&>(items(std::as_const(list)));
}

std::string_view text(const value& from) {
    const auto* found = from.if_string();
    if (!found) throw Corrupt("a text is missing");
    return *found;
}

}  // namespace audio_ident::index
