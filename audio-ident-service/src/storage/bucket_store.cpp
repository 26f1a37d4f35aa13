#include "storage/bucket_store.hpp"

#include <algorithm>
#include <condition_variable>
#include <exception>
#include <fcntl.h>
#include <mutex>
#include <set>
#include <sys/stat.h>
#include <system_error>

#include "core/uuid.hpp"
#include "lib/openssl/file_sha256.hpp"
#include "lib/openssl/sha256.hpp"
#include "storage/local_copies.hpp"
#include "storage/not_there.hpp"
#include "storage/stored_name.hpp"
#include "util/atomic_file.hpp"
#include "util/durable_folder.hpp"

namespace audio_ident::storage {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kFewNames = 32;  // more are looked up in a list of the bucket
constexpr std::int64_t kNanoseconds = 1'000'000'000;

Unexpected unavailable(Error error) {
    if (error.kind != ErrorKind::timeout && error.reason == Reason::unspecified)
        error.reason = Reason::store_unavailable;
    return Unexpected(std::move(error));
}

/// Lets one thread work on a name at a time.
class OneByOne {
  public:
    class Turn {
      public:
        /// Waits until nobody has the name, or the deadline passes.
        Turn(OneByOne& all, const std::string& name, const Deadline& deadline) : all_(all), name_(name) {
            std::unique_lock lock(all_.mutex_);
            has_it_ = all_.changed_.wait_until(lock, deadline.stop_token(), deadline.when(),
                                               [&] { return all_.names_.insert(name_).second; });
        }
        explicit operator bool() const { return has_it_; }
        ~Turn() {
            if (!has_it_) return;
            const std::lock_guard lock(all_.mutex_);
            all_.names_.erase(name_);
            all_.changed_.notify_all();
        }
        Turn(const Turn&) = delete;
        Turn& operator=(const Turn&) = delete;

      private:
        OneByOne& all_;
        std::string name_;
        bool has_it_ = false;
    };

  private:
    std::mutex mutex_;
    std::condition_variable_any changed_;
    std::set<std::string> names_;
};

/// Gives the file the time that it had where it was put from.
void set_modified(const fs::path& file, std::int64_t nanoseconds) {
    const timespec times[] = {{.tv_sec = 0, .tv_nsec = UTIME_NOW},
                              {.tv_sec = nanoseconds / kNanoseconds, .tv_nsec = nanoseconds % kNanoseconds}};
    static_cast<void>(::utimensat(AT_FDCWD, file.c_str(), times, 0));
}

class BucketStore final : public AudioStore {
  public:
    BucketStore(curl::S3Address address, fs::path root, std::uint64_t most_bytes)
        : bucket_(std::move(address)),
          copies_(std::move(root), most_bytes, bucket_.text(),
                  [this](const std::string& name, std::uint64_t bytes) { return has_object(name, bytes); }) {}

    Result<void> send(const fs::path& file, const std::string& name, const Deadline& deadline) override {
        auto hash = content_of(name);
        if (hash) {
            std::error_code error;
            const auto bytes = fs::file_size(file, error);
            const auto there = bucket_.look(name, deadline);
            if (!there) return unavailable(there.error());
            if (*there && !error && (*there)->bytes == bytes) return {};
        } else {
            const auto hashed = openssl::file_sha256(file, deadline);
            if (!hashed) return forward(hashed);
            hash = hashed->sha256;
        }
        if (auto put = bucket_.put(name, file, *hash, deadline); !put) return unavailable(put.error());
        return {};
    }

    Result<fs::path> keep(const fs::path& file, const std::string& name, const Deadline& deadline) override {
        if (auto sent = send(file, name, deadline); !sent) return forward(sent);
        const auto place = copies_.root() / name;
        if (auto made = util::make_durable_folder(place.parent_path()); !made) return forward(made);
        copies_.mark(file);
        if (auto moved = util::move_into_place(file, place, util::Durability::power_cut); !moved) return forward(moved);
        copies_.use(name);
        copies_.came(place);
        return place;
    }

    Result<fs::path> open(const fs::path& path, const Deadline& deadline) override {
        const auto name = stored_name(path);
        if (!name) return path;
        const OneByOne::Turn turn(fetched_, *name, deadline);
        if (!turn) return fail(ErrorKind::timeout, "{} was not fetched in time", path.string());
        if (auto copy = copies_.use(*name)) return std::move(*copy);
        return fetched(*name, path, deadline);
    }

    Result<fs::path> open_newest(const fs::path& path, const Deadline& deadline) override {
        const auto name = stored_name(path);
        if (!name) return path;
        const OneByOne::Turn turn(fetched_, *name, deadline);
        if (!turn) return fail(ErrorKind::timeout, "{} was not fetched in time", path.string());
        auto newest = fetched(*name, path, deadline);
        if (newest || newest.error().reason != Reason::file_not_found) return newest;
        if (auto copy = copies_.use(*name)) return std::move(*copy);
        return newest;
    }

    fs::path place_of(const fs::path& path) const override {
        const auto name = stored_name(path);
        return name ? copies_.root() / *name : path;
    }

    Result<bool> has(const fs::path& path, const Deadline& deadline) override {
        const auto name = stored_name(path);
        if (is_here(place_of(path))) return true;
        if (!name) return false;
        const auto there = bucket_.look(*name, deadline);
        if (!there) return unavailable(there.error());
        return *there || is_here(path);
    }

    bool may_have(const fs::path& path) const override { return stored_name(path) || is_here(path); }

    Result<std::size_t> count_missing(std::span<const fs::path> paths, const Deadline& deadline) override {
        std::size_t missing = 0;
        std::set<std::string> asked;
        for (const auto& path : paths) {
            if (is_here(place_of(path)) || is_here(path)) continue;
            if (auto name = stored_name(path)) asked.insert(std::move(*name));
            else ++missing;
        }
        if (asked.size() > kFewNames) {
            const auto objects = bucket_.list("", deadline);
            if (!objects) return unavailable(objects.error());
            for (const auto& object : *objects) asked.erase(object.name);
            return missing + asked.size();
        }
        for (const auto& name : asked) {
            const auto there = bucket_.look(name, deadline);
            if (!there) return unavailable(there.error());
            if (!*there) ++missing;
        }
        return missing;
    }

    Result<void> remove(const fs::path& path, const Deadline& deadline) override {
        const auto name = stored_name(path);
        if (!name) return {};
        if (auto removed = bucket_.remove(*name, deadline); !removed) return unavailable(removed.error());
        copies_.remove(*name);
        return {};
    }

    Result<void> remove_folder(const std::string& name, const Deadline& deadline) override {
        const auto objects = bucket_.list(name + "/", deadline);
        if (!objects) return unavailable(objects.error());
        for (const auto& object : *objects) {
            if (auto removed = bucket_.remove(object.name, deadline); !removed) return unavailable(removed.error());
        }
        std::error_code error;
        fs::remove_all(copies_.root() / name, error);
        if (!error) return {};
        return fail(ErrorKind::not_available, "cannot remove {}: {}", (copies_.root() / name).string(),
                    error.message());
    }

    bool is_shared() const override { return true; }
    std::string text() const override { return bucket_.text(); }

    Result<void> check(const Deadline& deadline) override {
        if (auto answers = ping(deadline); !answers) return answers;
        const auto name = "check-" + Uuid::random().to_string();
        auto tried = try_out(name, deadline);
        // Whatever happened: nothing of it should stay.
        const auto removed = bucket_.remove(name, deadline);
        if (tried && !removed) return unavailable(removed.error());
        return tried;
    }

    Result<void> ping(const Deadline& deadline) override {
        if (auto answers = bucket_.check(deadline); !answers) return unavailable(answers.error());
        return {};
    }

  private:
    static bool is_here(const fs::path& path) {
        std::error_code ignored;
        return fs::is_regular_file(path, ignored);
    }

    std::optional<bool> has_object(const std::string& name, std::uint64_t bytes) {
        const auto there = bucket_.look(name, Deadline::after(std::chrono::seconds(5)));
        if (!there) return std::nullopt;
        return *there && (*there)->bytes == bytes;
    }

    /// The path of a new copy. A file of such a name that somebody ingested where it is may be no object.
    Result<fs::path> fetched(const std::string& name, const fs::path& path, const Deadline& deadline) {
        const auto done = fetch(name, deadline);
        if (!done) return forward(done);
        if (*done) return copies_.root() / name;
        return is_here(path) ? Result<fs::path>(path) : not_there(path);
    }

    /// Makes a copy of an object, or replaces it. False when there is no such object.
    Result<bool> fetch(const std::string& name, const Deadline& deadline) {
        try {
            return fetch_checked(name, deadline);
        } catch (const std::exception& error) {
            return fail(ErrorKind::internal, "cannot fetch {}: {}", name, error.what());
        }
    }
    Result<bool> fetch_checked(const std::string& name, const Deadline& deadline) {
        const auto place = copies_.root() / name;
        std::optional<util::AtomicFile> file;
        openssl::Sha256 sha;
        const auto begin = [&]() -> Result<curl::S3Bucket::Sink> {
            file.reset();
            sha = openssl::Sha256();
            if (auto made = util::make_durable_folder(place.parent_path()); !made) return forward(made);
            auto created = util::AtomicFile::create(place, util::Durability::power_cut);
            if (!created) return forward(created);
            file.emplace(std::move(*created));
            return [&](std::span<const std::byte> bytes) {
                sha.update(bytes);
                return file->write(bytes);
            };
        };
        const auto got = bucket_.get(name, begin, deadline);
        if (!got) return unavailable(got.error());
        if (!*got) return false;
        if (const auto hash = content_of(name); hash && sha.finish() != *hash) {
            return unavailable(
                {ErrorKind::corrupt,
                 fmt::format("{} has other bytes under the name {} than those that were put there", text(), name),
                 {}});
        }
        copies_.mark(file->temporary());
        set_modified(file->temporary(), (*got)->modified_ns);
        if (auto done = file->commit(); !done) return forward(done);
        copies_.came(place);
        return true;
    }

    Result<void> try_out(const std::string& name, const Deadline& deadline) {
        constexpr std::string_view kText = "audio-ident";
        std::error_code error;
        fs::create_directories(copies_.root(), error);
        const auto file = copies_.root() / ("incoming-" + name);
        if (auto written = util::replace_file(file, kText, util::Durability::program_crash); !written) return written;
        const auto hash = openssl::file_sha256(file, deadline);
        const auto put = hash ? bucket_.put(name, file, hash->sha256, deadline) : Result<void>(forward(hash));
        fs::remove(file, error);
        if (!put) return unavailable(put.error());
        std::string read;
        const auto begin = [&]() -> Result<curl::S3Bucket::Sink> {
            read.clear();
            return [&](std::span<const std::byte> bytes) -> Result<void> {
                read.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
                return {};
            };
        };
        const auto got = bucket_.get(name, begin, deadline);
        if (!got) return unavailable(got.error());
        if (*got && read == kText) return {};
        return unavailable({ErrorKind::corrupt, text() + " does not give back what was put there", {}});
    }

    curl::S3Bucket bucket_;
    LocalCopies copies_;
    OneByOne fetched_;
};

}  // namespace

std::unique_ptr<AudioStore> make_bucket_store(curl::S3Address address, fs::path root, std::uint64_t most_bytes) {
    return std::make_unique<BucketStore>(std::move(address), std::move(root), most_bytes);
}

}  // namespace audio_ident::storage
