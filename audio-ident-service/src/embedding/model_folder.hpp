#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"

namespace audio_ident::embedding {

/// A file of a model.
struct ModelFile {
    std::string role;  ///< "audio", "text", "tokenizer"
    std::string name;  ///< in the model's folder
    std::uint64_t bytes = 0;
    std::string sha256;
};

/// What model.json says: which files make up a model. scripts/clap/export.py writes it, `model install` keeps it beside
/// the files; docs/formats/model.md.
struct Manifest {
    std::string model;
    std::string source;  ///< where the weights are from, for people
    unsigned dimension = 0;
    std::vector<ModelFile> files;

    /// nullptr when there is none.
    const ModelFile* file(std::string_view role) const;
    std::uint64_t bytes() const;
    /// Of the weights: vectors of two versions are never compared.
    std::string version() const;
    std::string to_json() const;
};

inline constexpr std::string_view kManifestName = "model.json";

/// `text` is all of a model.json, `where` names it in messages. Fails with corrupt when it makes no sense, unsupported when
/// it is of another format.
Result<Manifest> parse_manifest(std::string_view text, const std::string& where);

/// A model that is installed.
struct ModelFolder {
    std::filesystem::path path;
    Manifest manifest;

    std::filesystem::path file(std::string_view role) const;
    /// Where networks are kept as made for this processor.
    std::filesystem::path compiled() const { return path / ("compiled-" + manifest.version()); }
};

}  // namespace audio_ident::embedding
