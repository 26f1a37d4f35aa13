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

/// Called as `bytes` bytes of `file` have arrived so far.
using FetchProgress = std::function<void(const ModelFile& file, std::uint64_t bytes)>;

/// A place that the files of a model come from. Not thread-safe.
class ModelSource {
  public:
    virtual ~ModelSource() = default;

    /// Reads model.json. Fails with not_available when there is none, and with corrupt or unsupported as
    /// parse_manifest() does.
    virtual Result<Manifest> manifest(const Deadline& deadline) = 0;
    /// Writes the file to `part` and continues where an earlier attempt stopped. The caller must verify the result. On
    /// failure the bytes written so far remain. Fails with timeout when the deadline passes or a stop is requested.
    virtual Result<void> fetch(const ModelFile& file, const std::filesystem::path& part, const FetchProgress& progress,
                               const Deadline& deadline) = 0;
};

/// A source for a folder written by scripts/clap/export.py, or for its model.json. Also accepts a folder without
/// model.json that contains audio_model.onnx, text_model.onnx (or both in onnx/) and tokenizer.json. `model` is the
/// name to install it under.
std::unique_ptr<ModelSource> folder_source(const std::filesystem::path& path, const std::string& model);

/// A source for the same files in an uncompressed tar archive, at its top or in a folder.
std::unique_ptr<ModelSource> archive_source(const std::filesystem::path& path);

/// A source for the same files at a URL. Resumes a download after the connection breaks.
std::unique_ptr<ModelSource> url_source(const std::string& url);

}  // namespace audio_ident::embedding
