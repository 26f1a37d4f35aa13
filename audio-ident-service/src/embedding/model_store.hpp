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

/// The models that are installed: a folder each, with model.json and the files it names. A model is there as a whole or
/// not at all: files get names of their own by content, and model.json is replaced last. Thread-safe.
class ModelStore {
  public:
    explicit ModelStore(std::filesystem::path folder) : folder_(std::move(folder)) {}

    /// nullopt when it is not installed. Fails as parse_manifest() does.
    Result<std::optional<ModelFolder>> find(const std::string& model) const;
    /// Fails with not_available when it is not installed; the message names the command.
    Result<ModelFolder> installed(const std::string& model) const;

    /// What is wrong with its files, a sentence each; empty: nothing. Reads them all.
    static Result<std::vector<std::string>> damages(const ModelFolder& model, const Deadline& deadline);

    /// Fetches what is not there yet, checks size and SHA-256, tries the model, and puts it in the place of the one that is
    /// installed, which serves until then. What was fetched of an install that failed is used by the next.
    /// Fails with: not_available (no source, no room, no permission, another install is running), corrupt (the files are
    /// not those of model.json, or no networks), invalid_input (another model), timeout (stopped).
    Result<ModelFolder> install(const std::string& model, ModelSource& source, const FetchProgress& progress,
                                const Deadline& deadline) const;

  private:
    std::filesystem::path folder_;
};

}  // namespace audio_ident::embedding
