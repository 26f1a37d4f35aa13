#pragma once

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>
#include <string_view>

#include "index/store/corrupt.hpp"

// Reads the JSON that Qdrant answers. Each function throws Corrupt where the JSON has another shape.

namespace audio_ident::index {

const boost::json::value& member(const boost::json::value& from, std::string_view name);
boost::json::value& member(boost::json::value& from, std::string_view name);
const boost::json::array& items(const boost::json::value& list);
boost::json::array& items(boost::json::value& list);
std::string_view text(const boost::json::value& from);

template <typename T>
T number(const boost::json::value& from) {
    boost::system::error_code failed;
    const T result = from.to_number<T>(failed);
    if (failed) throw Corrupt("a number is missing");
    return result;
}

}  // namespace audio_ident::index
