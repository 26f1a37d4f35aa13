#include "api/media_types.hpp"

#include <algorithm>
#include <boost/algorithm/string/predicate.hpp>
#include <iterator>
#include <utility>

namespace audio_ident::api {
namespace {

constexpr std::pair<const char*, const char*> kTypes[] = {
    {".mp3", "audio/mpeg"},    {".flac", "audio/flac"}, {".wav", "audio/wav"},   {".ogg", "audio/ogg"},
    {".oga", "audio/ogg"},     {".opus", "audio/ogg"},  {".m4a", "audio/mp4"},   {".mp4", "audio/mp4"},
    {".aac", "audio/aac"},     {".webm", "audio/webm"}, {".aiff", "audio/aiff"}, {".aif", "audio/aiff"},
    {".wma", "audio/x-ms-wma"}};
constexpr const char* kUnknownType = "application/octet-stream";

}  // namespace

std::string media_type_of(const std::filesystem::path& file) {
    const auto extension = file.extension().string();
    const auto* found = std::find_if(std::begin(kTypes), std::end(kTypes), [&](const auto& type) {
        return boost::algorithm::iequals(extension, type.first);
    });
    return found == std::end(kTypes) ? kUnknownType : found->second;
}

std::vector<std::string> media_types() {
    std::vector<std::string> types{kUnknownType};
    for (const auto& [extension, type] : kTypes) types.emplace_back(type);
    return types;
}

}  // namespace audio_ident::api
