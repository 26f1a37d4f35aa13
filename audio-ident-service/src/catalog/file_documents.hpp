#pragma once

#include <filesystem>

#include "catalog/document_store.hpp"

namespace audio_ident::catalog {

/// Documents as files of a folder, by their names. Makes folders when it first puts something into them.
class FileDocuments final : public DocumentStore {
  public:
    explicit FileDocuments(std::filesystem::path folder) : folder_(std::move(folder)) {}

    using DocumentStore::put;
    std::string location(std::string_view name) const override { return path_of(name).string(); }
    Result<std::optional<std::string>> find(const std::string& name, const Deadline& deadline) override;
    Result<std::vector<std::string>> names(const std::string& folder, const Deadline& deadline) override;
    Result<std::vector<Document>> in_folder(const std::string& folder, const Deadline& deadline) override;
    Result<void> put(std::span<const Document> documents, Worth worth, const Deadline& deadline) override;
    Result<bool> remove(const std::string& name, const Deadline& deadline) override;
    Result<std::vector<std::string>> stamps(std::span<const std::string> names, const Deadline& deadline) override;

  private:
    std::filesystem::path path_of(std::string_view name) const { return folder_ / name; }

    std::filesystem::path folder_;
};

}  // namespace audio_ident::catalog
