#include <cerrno>
#include <chrono>
#include <fstream>
#include <system_error>
#include <thread>

#include "embedding/model_source.hpp"
#include "lib/curl/download.hpp"
#include "util/url.hpp"

namespace audio_ident::embedding {

namespace {

namespace fs = std::filesystem;

constexpr int kTries = 4;  // Attempts in a row without any progress.
constexpr std::size_t kMostManifestBytes = 1 << 20;

std::uint64_t size_of(const fs::path& path) {
    std::error_code error;
    const auto size = fs::file_size(path, error);
    return error ? 0 : size;
}

class UrlSource : public ModelSource {
  public:
    explicit UrlSource(std::string url) : url_(std::move(url)) {
        while (url_.ends_with('/')) url_.pop_back();
    }

    Result<Manifest> manifest(const Deadline& deadline) override {
        const std::string url = address(kManifestName);
        std::string text;
        const auto got = curl::download(
            url, 0,
            [&](std::uint64_t, std::span<const std::byte> bytes) -> Result<void> {
                text.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
                if (text.size() <= kMostManifestBytes) return {};
                return fail(ErrorKind::corrupt, "{} is not a model.json", url);
            },
            deadline);
        if (!got) return forward(got);
        return parse_manifest(text, util::mask_url(url));
    }

    Result<void> fetch(const ModelFile& file, const fs::path& part, const FetchProgress& progress,
                       const Deadline& deadline) override {
        Result<void> got;
        for (int tries = 0; tries < kTries; ++tries) {
            const std::uint64_t before = size_of(part);
            if (before == file.bytes) return {};
            got = fetch_rest(file, part, before > file.bytes ? 0 : before, progress, deadline);
            if (got || disk_failed_ || got.error().kind != ErrorKind::not_available) return got;
            if (size_of(part) > before) tries = 0;
            std::this_thread::sleep_for(std::chrono::milliseconds(100 << 2 * tries));
        }
        return got;
    }

  private:
    std::string address(std::string_view name) const { return url_ + "/" + std::string(name); }

    Result<void> fetch_rest(const ModelFile& file, const fs::path& part, std::uint64_t from,
                            const FetchProgress& progress, const Deadline& deadline) {
        std::ofstream out;
        return curl::download(
            address(file.name), from,
            [&](std::uint64_t offset, std::span<const std::byte> bytes) -> Result<void> {
                if (!out.is_open()) {
                    out.open(part, std::ios::binary | (offset == 0 ? std::ios::trunc : std::ios::app));
                }
                if (offset + bytes.size() > file.bytes) {
                    return fail(ErrorKind::corrupt, "{} is longer than the {} bytes listed in model.json",
                                address(file.name), file.bytes);
                }
                out.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
                if (!out.flush()) {
                    disk_failed_ = true;
                    return fail(ErrorKind::not_available, "cannot write {}: {}", part.string(),
                                std::error_code(errno, std::generic_category()).message());
                }
                progress(file, offset + bytes.size());
                return {};
            },
            deadline);
    }

    std::string url_;
    bool disk_failed_ = false;  ///< retrying would not help
};

}  // namespace

std::unique_ptr<ModelSource> url_source(const std::string& url) {
    return std::make_unique<UrlSource>(url);
}

}  // namespace audio_ident::embedding
