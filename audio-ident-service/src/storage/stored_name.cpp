#include "storage/stored_name.hpp"

#include <algorithm>
#include <string_view>
#include <vector>

#include "core/uuid.hpp"

namespace audio_ident::storage {

namespace {

constexpr std::size_t kHashDigits = 64;

bool is_hash(std::string_view text) {
    return text.size() == kHashDigits &&
           std::ranges::all_of(text, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

/// The last pieces of a path, at most four, last first.
std::vector<std::string> last_pieces(const std::filesystem::path& path) {
    constexpr std::size_t kMost = 4;
    std::vector<std::string> pieces;
    for (auto piece = path.end(); piece != path.begin() && pieces.size() < kMost;)
        pieces.push_back((--piece)->native());
    return pieces;
}

bool is_timeline(const std::string& folder, const std::string& id) {
    return folder == "timelines" && Uuid::parse(id).has_value();
}

}  // namespace

std::string upload_name(const std::string& sha256, const std::string& file_name) {
    return sha256.substr(0, 2) + "/" + sha256 + "/" + file_name;
}

std::optional<std::string> stored_name(const std::filesystem::path& path) {
    const auto last = last_pieces(path);
    if (last.size() < 3 || last[0].empty() || last[0] == "." || last[0] == "..") return std::nullopt;
    if (is_hash(last[1]) && last[2] == last[1].substr(0, 2)) return upload_name(last[1], last[0]);
    if ((last[0] == "heard" || last[0] == "peaks") && is_timeline(last[2], last[1]))
        return "timelines/" + last[1] + "/" + last[0];
    if (last.size() == 4 && last[1] == "recording" && is_timeline(last[3], last[2]))
        return "timelines/" + last[2] + "/recording/" + last[0];
    return std::nullopt;
}

std::optional<std::string> content_of(const std::string& name) {
    if (name.size() < kHashDigits + 4 || name[2] != '/' || name[kHashDigits + 3] != '/') return std::nullopt;
    auto hash = name.substr(3, kHashDigits);
    return is_hash(hash) ? std::optional(std::move(hash)) : std::nullopt;
}

}  // namespace audio_ident::storage
