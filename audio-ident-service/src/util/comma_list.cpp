#include "util/comma_list.hpp"

#include "util/utf8.hpp"

namespace audio_ident::util {

std::vector<std::string> comma_list(std::string_view text) {
    std::vector<std::string> items;
    while (true) {
        const auto comma = text.find(',');
        const auto item = trim_space(text.substr(0, comma));
        if (!item.empty()) items.emplace_back(item);
        if (comma == std::string_view::npos) return items;
        text.remove_prefix(comma + 1);
    }
}

}  // namespace audio_ident::util
