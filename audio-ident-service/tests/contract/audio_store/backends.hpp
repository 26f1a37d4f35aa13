#pragma once

#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <gtest/gtest.h>
#include <iterator>
#include <memory>
#include <optional>
#include <string>

#include "core/uuid.hpp"
#include "storage/bucket_store.hpp"
#include "storage/folder_store.hpp"
#include "support/s3_server.hpp"
#include "support/temp_folder.hpp"

namespace audio_ident::test {

/// A store of one kind, for one test, as the services of two machines see it.
class TestAudioStore {
  public:
    virtual ~TestAudioStore() = default;
    virtual storage::AudioStore& here() = 0;
    virtual storage::AudioStore& elsewhere() = 0;
    /// A path of the machine here, as one of a machine that does not have this disk.
    virtual std::filesystem::path from_elsewhere(const std::filesystem::path& path) const { return path; }
    /// Below it files can be moved into the store.
    virtual std::filesystem::path root() const = 0;
    /// Why this kind cannot be tested here; nullopt when it can.
    virtual std::optional<std::string> absent() const { return std::nullopt; }
};

/// A folder that both machines share.
class FolderTestStore : public TestAudioStore {
  public:
    storage::AudioStore& here() override { return *here_; }
    storage::AudioStore& elsewhere() override { return *elsewhere_; }
    std::filesystem::path root() const override { return folder_.path(); }

  private:
    TempFolder folder_;
    std::unique_ptr<storage::AudioStore> here_ = storage::make_folder_store(folder_.path());
    std::unique_ptr<storage::AudioStore> elsewhere_ = storage::make_folder_store(folder_.path());
};

/// The address of a part of the server's bucket that nobody else uses.
inline curl::S3Address new_prefix(const std::string& endpoint) {
    return {.endpoint = endpoint,
            .region = S3Server::kRegion,
            .bucket = S3Server::kBucket,
            .prefix = Uuid::random().to_string() + "/a folder+/",
            .access_key = S3Server::kAccessKey,
            .secret_key = S3Server::kSecretKey};
}

/// A bucket, and a folder of copies on each machine.
class BucketTestStore : public TestAudioStore {
  public:
    static constexpr std::uint64_t kMostBytes = 1 << 30;

    storage::AudioStore& here() override { return *here_; }
    storage::AudioStore& elsewhere() override { return *elsewhere_; }
    std::filesystem::path root() const override { return folder_.path(); }
    std::filesystem::path from_elsewhere(const std::filesystem::path& path) const override {
        return "/no/such/folder" / path.lexically_relative(root());
    }
    std::optional<std::string> absent() const override {
        return S3Server::program() ? std::nullopt : std::optional<std::string>(S3Server::kAbsent);
    }

  private:
    TempFolder folder_;
    TempFolder other_folder_;
    curl::S3Address address_ = new_prefix(S3Server::program() ? S3Server::shared().url() : "http://127.0.0.1:9");
    std::unique_ptr<storage::AudioStore> here_ = storage::make_bucket_store(address_, folder_.path(), kMostBytes);
    std::unique_ptr<storage::AudioStore> elsewhere_ =
        storage::make_bucket_store(address_, other_folder_.path(), kMostBytes);
};

inline std::string content_of_file(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace audio_ident::test
