#include <cerrno>
#include <fstream>
#include <iterator>
#include <map>
#include <vector>

#include "embedding/model_source.hpp"
#include "lib/openssl/file_sha256.hpp"

namespace audio_ident::embedding {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kBlock = 1 << 20;

class FolderSource : public ModelSource {
  public:
    FolderSource(fs::path path, std::string model) : folder_(std::move(path)), model_(std::move(model)) {
        if (folder_.filename() == kManifestName) folder_ = folder_.parent_path();
    }

    Result<Manifest> manifest(const Deadline& deadline) override {
        std::error_code ignored;
        if (!fs::is_directory(folder_, ignored)) {
            return fail(ErrorKind::not_available, "{} is not a folder with a model; scripts/clap/export.py writes one",
                        folder_.string());
        }
        const fs::path file = folder_ / kManifestName;
        if (!fs::exists(file, ignored)) return described(deadline);
        std::ifstream stream(file, std::ios::binary);
        const std::string text(std::istreambuf_iterator<char>(stream), {});
        return parse_manifest(text, file.string());
    }

    Result<void> fetch(const ModelFile& file, const fs::path& part, const FetchProgress& progress,
                       const Deadline& deadline) override {
        const auto place = places_.find(file.name);
        const fs::path from = folder_ / (place == places_.end() ? fs::path(file.name) : place->second);
        std::ifstream in(from, std::ios::binary);
        if (!in) return fail(ErrorKind::not_available, "cannot read {}", from.string());
        std::ofstream out(part, std::ios::binary | std::ios::trunc);
        std::vector<char> block(kBlock);
        for (std::uint64_t done = 0; in;) {
            if (deadline.expired()) return fail(ErrorKind::timeout, "stopped while copying {}", from.string());
            in.read(block.data(), static_cast<std::streamsize>(block.size()));
            if (in.bad()) return fail(ErrorKind::not_available, "cannot read {}", from.string());
            if (!out.write(block.data(), in.gcount()).flush()) {
                return fail(ErrorKind::not_available, "cannot write {}: {}", part.string(),
                            std::error_code(errno, std::generic_category()).message());
            }
            done += static_cast<std::uint64_t>(in.gcount());
            progress(file, done);
        }
        return {};
    }

  private:
    /// Builds the manifest of a folder without model.json.
    Result<Manifest> described(const Deadline& deadline) {
        Manifest manifest{.model = model_, .source = folder_.string(), .dimension = 0, .files = {}};
        for (const auto& [role, name] :
             {std::pair("audio", "audio_model.onnx"), {"text", "text_model.onnx"}, {"tokenizer", "tokenizer.json"}}) {
            std::error_code ignored;
            fs::path place = name;
            if (!fs::exists(folder_ / place, ignored)) place = fs::path("onnx") / name;
            if (!fs::exists(folder_ / place, ignored)) {
                return fail(ErrorKind::not_available,
                            "{} contains neither model.json nor {}; scripts/clap/export.py writes a complete folder",
                            folder_.string(), name);
            }
            const auto hash = openssl::file_sha256(folder_ / place, deadline);
            if (!hash) return forward(hash);
            manifest.files.push_back({role, name, static_cast<std::uint64_t>(hash->bytes), hash->sha256});
            places_[name] = place;
        }
        return manifest;
    }

    fs::path folder_;
    std::string model_;
    std::map<std::string, fs::path> places_;
};

}  // namespace

std::unique_ptr<ModelSource> folder_source(const fs::path& path, const std::string& model) {
    return std::make_unique<FolderSource>(path, model);
}

}  // namespace audio_ident::embedding
