#pragma once

#include <boost/json/value.hpp>
#include <boost/json/value_from.hpp>
#include <string>

namespace audio_ident::util {

/// Returns one line of JSON. Keys keep their order, numbers look as people write them (12.5, not 1.25E1), a number that
/// is not finite becomes null. Strings must be UTF-8.
std::string json_text(const boost::json::value& value);

/// Does the same for every type that Boost.JSON converts, such as described structs (BOOST_DESCRIBE_STRUCT): an absent
/// optional becomes null, a described enum becomes its name.
template <typename T>
std::string json_text_of(const T& object) {
    return json_text(boost::json::value_from(object));
}

}  // namespace audio_ident::util
