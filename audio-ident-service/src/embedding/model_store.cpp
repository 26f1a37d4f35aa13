#include "embedding/model_store.hpp"

#include <fstream>
#include <iterator>
#include <set>
#include <system_error>

#include "embedding/clap.hpp"
#include "lib/openssl/file_sha256.hpp"
#include "util/atomic_file.hpp"
#include "util/durable_folder.hpp"
#include "util/file_lock.hpp"

namespace audio_ident::embedding {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kNameDigits = 12;  // Digits of the SHA-256 in a file name.

Unexpected cannot(const char* what, const fs::path& path, const std::error_code& error) {
    return fail(ErrorKind::not_available, "cannot {} {}: {}", what, path.string(), error.message());
}

/// The same files under the names they get when installed.
Manifest with_own_names(Manifest manifest) {
    for (ModelFile& file : manifest.files) {
        file.name = file.role + "-" + file.sha256.substr(0, kNameDigits) + fs::path(file.name).extension().string();
    }
    return manifest;
}

bool has_size(const fs::path& path, std::uint64_t bytes) {
    std::error_code error;
    return fs::file_size(path, error) == bytes && !error;
}

/// Describes what is wrong with the file; empty when it is intact.
Result<std::string> damage(const fs::path& path, const ModelFile& file, const Deadline& deadline) {
    std::error_code error;
    const auto size = fs::file_size(path, error);
    if (error) return fmt::format("{} cannot be read: {}", path.string(), error.message());
    if (size != file.bytes) return fmt::format("{} has {} bytes instead of {}", path.string(), size, file.bytes);
    const auto hash = openssl::file_sha256(path, deadline);
    if (!hash) return forward(hash);
    if (hash->sha256 == file.sha256) return std::string();
    return fmt::format("{} has SHA-256 {} instead of {}", path.string(), hash->sha256, file.sha256);
}

/// Fetches one file to `target`. `file` has the name that the source uses.
Result<void> bring(ModelSource& source, const ModelFile& file, const fs::path& target, const FetchProgress& progress,
                   const Deadline& deadline) {
    if (has_size(target, file.bytes)) {
        const auto before = damage(target, file, deadline);
        if (!before) return forward(before);
        if (before->empty()) return {};
    }
    const fs::path part = target.string() + ".part";
    if (auto fetched = source.fetch(file, part, progress, deadline); !fetched) return fetched;
    const auto wrong = damage(part, file, deadline);
    if (!wrong) return forward(wrong);
    std::error_code error;
    if (!wrong->empty()) {
        fs::remove(part, error);
        return fail(ErrorKind::corrupt, "{} does not match model.json: {}; the file was removed", file.name, *wrong);
    }
    // Its content is checked here and never again.
    return util::move_into_place(part, target, util::Durability::power_cut);
}

Result<void> check_room(const Manifest& manifest, const fs::path& folder) {
    std::uint64_t needed = 0;
    for (const ModelFile& file : manifest.files) {
        std::error_code ignored;
        const auto there = fs::file_size(folder / (file.name + ".part"), ignored);
        if (has_size(folder / file.name, file.bytes)) continue;
        needed += ignored || there > file.bytes ? file.bytes : file.bytes - there;
    }
    std::error_code error;
    const auto space = fs::space(folder, error);
    if (error) return cannot("look at", folder, error);
    if (space.available >= needed) return {};
    return fail(ErrorKind::not_available,
                "{} has {} MB free, but the model needs {} MB more; set MODELS_DIR to a folder with more space",
                folder.string(), space.available / 1'000'000, needed / 1'000'000 + 1);
}

Result<void> write_manifest(const Manifest& manifest, const fs::path& folder) {
    // It says that the model's files are there, which took a download of minutes.
    return util::replace_file(folder / kManifestName, manifest.to_json(), util::Durability::power_cut);
}

/// Removes files that neither belong to the model nor were compiled from it.
void remove_others(const ModelFolder& model) {
    std::set<fs::path> kept = {model.path / kManifestName, model.compiled()};
    for (const ModelFile& file : model.manifest.files) kept.insert(model.path / file.name);
    std::error_code ignored;
    std::vector<fs::path> others;
    for (const auto& entry : fs::directory_iterator(model.path, ignored)) {
        if (!kept.contains(entry.path())) others.push_back(entry.path());
    }
    for (const auto& other : others) fs::remove_all(other, ignored);
}

}  // namespace

Result<std::optional<ModelFolder>> ModelStore::find(const std::string& model) const {
    const fs::path folder = folder_ / model;
    const fs::path file = folder / kManifestName;
    std::ifstream stream(file, std::ios::binary);
    std::error_code ignored;
    if (!stream) {
        if (!fs::exists(file, ignored)) return std::nullopt;
        return fail(ErrorKind::not_available, "cannot read {}", file.string());
    }
    auto manifest = parse_manifest(std::string(std::istreambuf_iterator<char>(stream), {}), file.string());
    if (!manifest) return forward(manifest);
    if (manifest->model != model)
        return fail(ErrorKind::corrupt, "{} belongs to the model {}", file.string(), manifest->model);
    return ModelFolder{folder, std::move(*manifest)};
}

Result<ModelFolder> ModelStore::installed(const std::string& model) const {
    auto found = find(model);
    if (!found) return forward(found);
    if (*found) return std::move(**found);
    return fail(
        ErrorKind::not_available,
        "the model {0} is not installed; run `audio-ident model install {0}`, or `audio-ident model use musicnn` to "
        "return to the built-in model",
        model);
}

Result<std::vector<std::string>> ModelStore::damages(const ModelFolder& model, const Deadline& deadline) {
    std::vector<std::string> damages;
    for (const ModelFile& file : model.manifest.files) {
        auto wrong = damage(model.path / file.name, file, deadline);
        if (!wrong) return forward(wrong);
        if (!wrong->empty()) damages.push_back(std::move(*wrong));
    }
    return damages;
}

Result<ModelFolder> ModelStore::install(const std::string& model, ModelSource& source, const FetchProgress& progress,
                                        const Deadline& deadline) const {
    const auto given = source.manifest(deadline);
    if (!given) return forward(given);
    if (given->model != model) {
        return fail(ErrorKind::invalid_input,
                    "the source contains the model {0}, not {1}; run `audio-ident model install {0}` to install it",
                    given->model, model);
    }
    ModelFolder folder{folder_ / model, with_own_names(*given)};
    if (auto made = util::make_durable_folder(folder.path); !made) return forward(made);
    const auto lock = util::FileLock::acquire(folder_ / "lock", "audio-ident model install " + model,
                                              Deadline::after(std::chrono::seconds(0), deadline.stop_token()));
    if (!lock) return forward(lock);
    if (auto room = check_room(folder.manifest, folder.path); !room) return forward(room);
    for (std::size_t i = 0; i < given->files.size(); ++i) {
        const fs::path target = folder.path / folder.manifest.files[i].name;
        if (auto brought = bring(source, given->files[i], target, progress, deadline); !brought)
            return forward(brought);
    }
    const auto dimension = clap_dimension(folder);
    if (!dimension) return forward(dimension);
    if (folder.manifest.dimension != 0 && folder.manifest.dimension != *dimension) {
        return fail(ErrorKind::corrupt, "the model {} returns vectors of {} numbers, but model.json states {}", model,
                    *dimension, folder.manifest.dimension);
    }
    folder.manifest.dimension = *dimension;
    if (auto written = write_manifest(folder.manifest, folder.path); !written) return forward(written);
    remove_others(folder);
    return folder;
}

}  // namespace audio_ident::embedding
