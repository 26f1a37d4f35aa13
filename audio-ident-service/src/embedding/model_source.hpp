#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "core/deadline.hpp"
#include "core/result.hpp"
#include "embedding/model_folder.hpp"

namespace audio_ident::embedding {

/// So many bytes of a file are there.
using FetchProgress = std::function<void(const ModelFile& file, std::uint64_t bytes)>;

/// Where the files of a model come from. For one thread.
class ModelSource {
  public:
    virtual ~ModelSource() = default;

    /// Fails with not_available when there is none, corrupt or unsupported as parse_manifest() does.
    virtual Result<Manifest> manifest(const Deadline& deadline) = 0;
    /// Writes the file to `part`, going on where an earlier try ended. What it writes is to be checked. On failure what has
    /// come stays; fails with timeout when the deadline passes or a stop is requested.
    virtual Result<void> fetch(const ModelFile& file, const std::filesystem::path& part, const FetchProgress& progress,
                               const Deadline& deadline) = 0;
};

/// A folder that scripts/clap/export.py has written, or its model.json; or one without model.json that holds
/// audio_model.onnx, text_model.onnx (both perhaps in onnx/) and tokenizer.json, which are then taken as they are.
/// `model` is the name it is to be installed as.
std::unique_ptr<ModelSource> folder_source(const std::filesystem::path& path, const std::string& model);

/// What such a folder holds, in one file: a tar archive, not compressed. The files may lie in a folder.
std::unique_ptr<ModelSource> archive_source(const std::filesystem::path& path);

/// What such a folder holds, at an address. A connection that breaks is made again, from where it broke.
std::unique_ptr<ModelSource> url_source(const std::string& url);

}  // namespace audio_ident::embedding
