#include "api/paths.hpp"

#include "util/utf8.hpp"

namespace audio_ident::api {

bool lies_below(const std::filesystem::path& path, const std::filesystem::path& folder) {
    const auto relative = path.lexically_normal().lexically_relative(folder.lexically_normal());
    return !relative.empty() && *relative.begin() != "..";
}

std::string safe_file_name(std::string_view name) {
    static constexpr std::size_t kMaxBytes = 200;
    if (const auto slash = name.find_last_of("/\\"); slash != std::string_view::npos) name.remove_prefix(slash + 1);
    std::string safe;
    for (const char c : util::sanitise_utf8(name)) {
        if (static_cast<unsigned char>(c) >= ' ' && c != '\x7F' && !(safe.empty() && c == '.')) safe += c;
    }
    if (safe.size() > kMaxBytes) {
        // Keeps the end, which shows the format, and drops a character that the cut divided.
        safe.erase(0, safe.size() - kMaxBytes);
        while ((static_cast<unsigned char>(safe.front()) & 0xC0) == 0x80) safe.erase(0, 1);
    }
    return safe.empty() ? "audio" : safe;
}

}  // namespace audio_ident::api
