#include "embedding/model_folder.hpp"

#include <algorithm>
#include <boost/json.hpp>

namespace audio_ident::embedding {

namespace {

constexpr int kFormat = 1;
constexpr std::size_t kVersionDigits = 12;

bool is_sha256(std::string_view text) {
    return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

/// True for the name of a file directly in the folder.
bool is_plain_name(std::string_view name) {
    return !name.empty() && name.front() != '.' && name.find('/') == std::string_view::npos;
}

}  // namespace

const ModelFile* Manifest::file(std::string_view role) const {
    const auto found = std::find_if(files.begin(), files.end(), [&](const ModelFile& f) { return f.role == role; });
    return found == files.end() ? nullptr : &*found;
}

std::uint64_t Manifest::bytes() const {
    std::uint64_t sum = 0;
    for (const ModelFile& each : files) sum += each.bytes;
    return sum;
}

std::string Manifest::version() const {
    return file("audio")->sha256.substr(0, kVersionDigits);
}

std::string Manifest::to_json() const {
    boost::json::array list;
    for (const ModelFile& each : files) {
        list.push_back({{"role", each.role}, {"name", each.name}, {"bytes", each.bytes}, {"sha256", each.sha256}});
    }
    return boost::json::serialize(boost::json::object{{"format", kFormat},
                                                      {"model", model},
                                                      {"source", source},
                                                      {"dimension", dimension},
                                                      {"files", std::move(list)}}) +
           "\n";
}

Result<Manifest> parse_manifest(std::string_view text, const std::string& where) {
    try {
        const auto json = boost::json::parse({text.data(), text.size()});
        if (const auto format = json.at("format").to_number<int>(); format != kFormat) {
            return fail(
                ErrorKind::unsupported,
                "{} has format {}, but this program reads format {}; install the model again from files made for "
                "this version",
                where, format, kFormat);
        }
        Manifest manifest{.model = std::string(json.at("model").as_string()),
                          .source = std::string(json.at("source").as_string()),
                          .dimension = json.at("dimension").to_number<unsigned>(),
                          .files = {}};
        for (const auto& each : json.at("files").as_array()) {
            ModelFile file{std::string(each.at("role").as_string()), std::string(each.at("name").as_string()),
                           each.at("bytes").to_number<std::uint64_t>(), std::string(each.at("sha256").as_string())};
            if (!is_plain_name(file.name))
                return fail(ErrorKind::corrupt, "{}: \"{}\" is not a plain file name", where, file.name);
            if (!is_sha256(file.sha256)) return fail(ErrorKind::corrupt, "{}: {} has no SHA-256", where, file.name);
            manifest.files.push_back(std::move(file));
        }
        for (const char* role : {"audio", "text", "tokenizer"}) {
            if (!manifest.file(role)) return fail(ErrorKind::corrupt, "{} lists no {} file", where, role);
        }
        return manifest;
    } catch (const std::exception& error) {
        return fail(ErrorKind::corrupt, "{} is malformed: {}", where, error.what());
    }
}

std::filesystem::path ModelFolder::file(std::string_view role) const {
    return path / manifest.file(role)->name;
}

}  // namespace audio_ident::embedding
