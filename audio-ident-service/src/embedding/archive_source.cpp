#include <cerrno>
#include <fstream>
#include <vector>

#include "embedding/model_source.hpp"
#include "lib/archive/tar_reader.hpp"

namespace audio_ident::embedding {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kBlock = 1 << 20;
constexpr std::size_t kMostManifestBytes = 1 << 20;

/// Reads a model from a tar archive. Names in the archive only identify the files; nothing is written under them.
class ArchiveSource : public ModelSource {
  public:
    explicit ArchiveSource(fs::path path) : path_(std::move(path)) {}

    Result<Manifest> manifest(const Deadline&) override {
        auto found = find(std::string(kManifestName));
        if (!found) return forward(found);
        if (found->entry.bytes > kMostManifestBytes) {
            return fail(ErrorKind::corrupt, "{} in {} is too long", found->entry.name, path_.string());
        }
        std::string text(found->entry.bytes, '\0');
        for (std::size_t done = 0; done < text.size();) {
            const auto got = found->reader.read(std::span(text).subspan(done));
            if (!got) return forward(got);
            if (*got == 0) return cut(found->entry.name);
            done += *got;
        }
        return parse_manifest(text, path_.string() + ", model.json");
    }

    Result<void> fetch(const ModelFile& file, const fs::path& part, const FetchProgress& progress,
                       const Deadline& deadline) override {
        auto found = find(file.name);
        if (!found) return forward(found);
        if (found->entry.bytes != file.bytes) {
            return fail(ErrorKind::corrupt, "{} in {} has {} bytes, but model.json lists {}", file.name, path_.string(),
                        found->entry.bytes, file.bytes);
        }
        std::ofstream out(part, std::ios::binary | std::ios::trunc);
        std::vector<char> block(kBlock);
        for (std::uint64_t done = 0; done < file.bytes;) {
            if (deadline.expired()) return fail(ErrorKind::timeout, "stopped while unpacking {}", path_.string());
            const auto got = found->reader.read(block);
            if (!got) return forward(got);
            if (*got == 0) return cut(file.name);
            if (!out.write(block.data(), static_cast<std::streamsize>(*got)).flush()) {
                return fail(ErrorKind::not_available, "cannot write {}: {}", part.string(),
                            std::error_code(errno, std::generic_category()).message());
            }
            done += *got;
            progress(file, done);
        }
        return {};
    }

  private:
    struct Found {
        archive::TarReader reader;
        archive::TarReader::Entry entry;
    };

    /// Finds the first file with that name in any folder of the archive.
    Result<Found> find(const std::string& name) const {
        auto reader = archive::TarReader::open(path_);
        if (!reader) return forward(reader);
        for (;;) {
            auto entry = reader->next();
            if (!entry) return forward(entry);
            if (!*entry) {
                return fail(ErrorKind::corrupt,
                            "{} does not contain {}; `scripts/clap/export.py MODEL FILE.tar` writes a complete archive",
                            path_.string(), name);
            }
            if (fs::path((*entry)->name).filename() == name) return Found{std::move(*reader), std::move(**entry)};
        }
    }

    Unexpected cut(const std::string& name) const {
        return fail(ErrorKind::corrupt, "{} ends in the middle of {}", path_.string(), name);
    }

    fs::path path_;
};

}  // namespace

std::unique_ptr<ModelSource> archive_source(const fs::path& path) {
    return std::make_unique<ArchiveSource>(path);
}

}  // namespace audio_ident::embedding
