#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"

namespace audio_ident::embedding {

/// One file of a model.
struct ModelFile {
    std::string role;  ///< "audio", "text", "tokenizer"
    std::string name;  ///< file name in the model's folder
    std::uint64_t bytes = 0;
    std::string sha256;
};

/// The content of model.json, which lists the files of a model. scripts/clap/export.py writes it, and `model install`
/// stores it beside the files. See docs/formats/model.md.
struct Manifest {
    std::string model;
    std::string source;  ///< origin of the weights, for people
    unsigned dimension = 0;
    std::vector<ModelFile> files;

    /// The file with this role; nullptr when there is none.
    const ModelFile* file(std::string_view role) const;
    std::uint64_t bytes() const;
    /// Version of the weights. Vectors of different versions are never compared.
    std::string version() const;
    std::string to_json() const;
};

inline constexpr std::string_view kManifestName = "model.json";

/// Parses the text of a model.json. `where` names it in messages. Fails with corrupt when it is malformed, and with
/// unsupported when it has another format version.
Result<Manifest> parse_manifest(std::string_view text, const std::string& where);

/// An installed model.
struct ModelFolder {
    std::filesystem::path path;
    Manifest manifest;

    std::filesystem::path file(std::string_view role) const;
    /// The folder for networks compiled for this processor.
    std::filesystem::path compiled() const { return path / ("compiled-" + manifest.version()); }
};

}  // namespace audio_ident::embedding
