#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/deadline.hpp"
#include "core/result.hpp"
#include "embedding/model_folder.hpp"
#include "embedding/model_source.hpp"

namespace audio_ident::embedding {

/// The installed models: one folder each, with model.json and the files it lists. A model is installed completely or
/// not at all, because file names depend on the content and model.json is replaced last. Thread-safe.
class ModelStore {
  public:
    explicit ModelStore(std::filesystem::path folder) : folder_(std::move(folder)) {}

    /// nullopt when the model is not installed. Fails as parse_manifest() does.
    Result<std::optional<ModelFolder>> find(const std::string& model) const;
    /// Fails with not_available when the model is not installed; the message names the command that installs it.
    Result<ModelFolder> installed(const std::string& model) const;

    /// Checks all files of the model. Returns one sentence per problem; empty when all files are intact.
    static Result<std::vector<std::string>> damages(const ModelFolder& model, const Deadline& deadline);

    /// Fetches the missing files, checks size and SHA-256, tries the model, and then replaces the installed one, which
    /// stays usable until then. After a failure the next install continues with the files already fetched.
    /// Fails with: not_available (no source, disk full, no permission, another install is running), corrupt (the files
    /// do not match model.json or are not networks), invalid_input (another model), timeout (stopped).
    Result<ModelFolder> install(const std::string& model, ModelSource& source, const FetchProgress& progress,
                                const Deadline& deadline) const;

  private:
    std::filesystem::path folder_;
};

}  // namespace audio_ident::embedding
