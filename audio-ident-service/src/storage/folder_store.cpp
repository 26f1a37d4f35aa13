#include "storage/folder_store.hpp"

#include <system_error>

#include "core/uuid.hpp"
#include "storage/not_there.hpp"
#include "util/atomic_file.hpp"
#include "util/durable_folder.hpp"

namespace audio_ident::storage {

namespace fs = std::filesystem;

namespace {

/// Compares names only; does not resolve links.
bool lies_below(const fs::path& path, const fs::path& folder) {
    const auto relative = path.lexically_normal().lexically_relative(folder.lexically_normal());
    return !relative.empty() && *relative.begin() != "..";
}

class FolderStore final : public AudioStore {
  public:
    explicit FolderStore(fs::path root) : root_(std::move(root)) {}

    Result<void> send(const fs::path&, const std::string&, const Deadline&) override { return {}; }

    Result<fs::path> keep(const fs::path& file, const std::string& name, const Deadline&) override {
        const auto place = root_ / name;
        // A track whose file the power cut took would be found, but could not be played or analysed again.
        if (auto made = util::make_durable_folder(place.parent_path()); !made) return forward(made);
        if (auto moved = util::move_into_place(file, place, util::Durability::power_cut); !moved) return forward(moved);
        return place;
    }

    Result<fs::path> open(const fs::path& path, const Deadline&) override {
        std::error_code error;
        if (!lies_below(path, root_) || fs::exists(path, error) || error) return path;
        return not_there(path);
    }
    Result<fs::path> open_newest(const fs::path& path, const Deadline& deadline) override {
        return open(path, deadline);
    }
    fs::path place_of(const fs::path& path) const override { return path; }

    Result<bool> has(const fs::path& path, const Deadline&) override { return may_have(path); }

    bool may_have(const fs::path& path) const override {
        std::error_code ignored;
        return fs::is_regular_file(path, ignored);
    }

    Result<std::size_t> count_missing(std::span<const fs::path> paths, const Deadline&) override {
        std::size_t missing = 0;
        for (const auto& path : paths) {
            std::error_code ignored;
            if (!fs::exists(path, ignored)) ++missing;
        }
        return missing;
    }

    Result<void> remove(const fs::path& path, const Deadline&) override {
        if (!lies_below(path, root_)) return {};
        if (auto removed = util::remove_durably(path); !removed) return removed;
        std::error_code ignored;
        fs::remove(path.parent_path(), ignored);  // fails when the folder contains other files
        return {};
    }

    Result<void> remove_folder(const std::string& name, const Deadline&) override {
        std::error_code error;
        fs::remove_all(root_ / name, error);
        if (!error) return {};
        return fail(ErrorKind::not_available, "cannot remove {}: {}", (root_ / name).string(), error.message());
    }

    bool is_shared() const override { return false; }
    std::string text() const override { return root_.string(); }

    Result<void> check(const Deadline&) override {
        std::error_code error;
        if (!fs::exists(root_, error)) return {};  // the first upload makes it
        const auto file = root_ / fmt::format("incoming-{}", Uuid::random().to_string());
        if (auto written = util::replace_file(file, "audio-ident", util::Durability::program_crash); !written)
            return written;
        fs::remove(file, error);
        return {};
    }

    Result<void> ping(const Deadline&) override { return {}; }

  private:
    fs::path root_;
};

}  // namespace

std::unique_ptr<AudioStore> make_folder_store(fs::path root) {
    return std::make_unique<FolderStore>(std::move(root));
}

}  // namespace audio_ident::storage
