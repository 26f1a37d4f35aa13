#include "index/fingerprint/shard_copy.hpp"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <fmt/format.h>
#include <set>
#include <sys/file.h>
#include <system_error>

#include "core/uuid.hpp"
#include "util/descriptor.hpp"
#include "util/durable_folder.hpp"

namespace audio_ident::index {

namespace fs = std::filesystem;

namespace {

constexpr const char* kExtension = ".shards";
constexpr std::size_t kCheckedAtOnce = 16;  // entries
constexpr std::uint64_t kShareOfFree = 2;   // the files may take one part in this many of what is free

std::uint64_t stored_bytes(const Shards& shards, const ShardHash& hash) {
    return shards.at(hash).bytes.size() + sizeof(ShardPack::Entry);
}

/// Keeps the first ones, as many as fit into a number of bytes.
void cut(std::vector<ShardHash>& hashes, const Shards& shards, std::uint64_t most_bytes) {
    std::uint64_t bytes = ShardPack::kHeadBytes;
    const auto end = std::find_if(hashes.begin(), hashes.end(), [&](const ShardHash& hash) {
        bytes += stored_bytes(shards, hash);
        return bytes > most_bytes;
    });
    hashes.erase(end, hashes.end());
}

void remove_file(const fs::path& path) {
    std::error_code ignored;  // Another process may have done it.
    fs::remove(path, ignored);
}

}  // namespace

/// Opens files that are new in the folder, and forgets those that are gone.
void ShardCopy::look() {
    std::set<fs::path> there;
    std::error_code error;
    for (fs::directory_iterator entry(settings_.folder, error), end; !error && entry != end; entry.increment(error)) {
        if (entry->path().extension() == kExtension) there.insert(entry->path());
    }
    const std::size_t gone = std::erase_if(packs_, [&](const auto& pack) { return !there.contains(pack.first); });
    unusable_.clear();
    bool changed = gone > 0;
    for (const fs::path& path : there) {
        if (packs_.contains(path)) continue;
        if (auto file = ShardPack::open(path)) {
            const std::size_t entries = file->entries().size();
            packs_[path] = {std::move(file), std::vector<Check>(entries)};
            changed = true;
        } else {
            unusable_.push_back(path);
        }
    }
    if (!changed) return;
    places_.clear();
    for (auto pack = packs_.begin(); pack != packs_.end(); ++pack) {
        const auto entries = pack->second.file->entries();
        for (std::size_t i = 0; i < entries.size(); ++i) {
            const auto [place, added] = places_.try_emplace(entries[i].hash, Place{pack, i});
            if (!added && pack->second.checks[i] == Check::good) place->second = {pack, i};
        }
    }
}

std::vector<bool> ShardCopy::check(std::span<const Place> places) const {
    std::vector<char> whole(places.size());
    const auto some = [&](std::size_t block) {
        const std::size_t end = std::min(places.size(), (block + 1) * kCheckedAtOnce);
        for (std::size_t i = block * kCheckedAtOnce; i < end; ++i)
            whole[i] = places[i].pack->second.file->is_whole(places[i].entry) ? 1 : 0;
    };
    const std::size_t blocks = (places.size() + kCheckedAtOnce - 1) / kCheckedAtOnce;
    if (settings_.executor) {
        settings_.executor->for_each(blocks, settings_.executor->width(),
                                     [&](std::size_t block, std::size_t) { some(block); });
    } else {
        for (std::size_t block = 0; block < blocks; ++block) some(block);
    }
    return {whole.begin(), whole.end()};
}

Shards ShardCopy::find(std::span<const ShardHash> hashes) {
    const std::lock_guard lock(mutex_);
    look();
    Shards found;
    const auto take = [&](const Place& place) {
        const auto& file = place.pack->second.file;
        const auto& entry = file->entries()[place.entry];
        found.insert_or_assign(entry.hash, Shard{file->bytes(place.entry), file, Shard::Place::copy});
    };
    std::vector<Place> unknown;
    for (const ShardHash& hash : hashes) {
        const auto place = places_.find(hash);
        if (place == places_.end()) continue;
        if (place->second.pack->second.checks[place->second.entry] == Check::good) take(place->second);
        else unknown.push_back(place->second);
    }
    // In the order of the files, as a disk likes it.
    std::sort(unknown.begin(), unknown.end(), [](const Place& a, const Place& b) {
        return a.pack->first != b.pack->first ? a.pack->first < b.pack->first : a.entry < b.entry;
    });
    const auto whole = check(unknown);
    std::set<fs::path> damaged;
    for (std::size_t i = 0; i < unknown.size(); ++i) {
        if (whole[i]) {
            unknown[i].pack->second.checks[unknown[i].entry] = Check::good;
            take(unknown[i]);
        } else {
            damaged.insert(unknown[i].pack->first);
        }
    }
    for (const fs::path& path : damaged) {
        warn(fmt::format("{} is damaged; what it held is read from PostgreSQL again", path.string()));
        remove_file(path);
    }
    if (!damaged.empty()) look();
    return found;
}

/// From the smallest up.
std::vector<ShardCopy::Wanted> ShardCopy::wanted(const Shards& shards) {
    std::vector<Wanted> all;
    for (auto pack = packs_.begin(); pack != packs_.end(); ++pack) {
        Wanted one{.pack = pack, .hashes = {}};
        const auto entries = pack->second.file->entries();
        for (std::size_t i = 0; i < entries.size(); ++i) {
            const auto place = places_.find(entries[i].hash);
            const bool here = place != places_.end() && place->second.pack == pack && place->second.entry == i;
            if (!here || !shards.contains(entries[i].hash)) continue;
            one.hashes.push_back(entries[i].hash);
            one.bytes += stored_bytes(shards, entries[i].hash);
        }
        all.push_back(std::move(one));
    }
    std::sort(all.begin(), all.end(), [](const Wanted& a, const Wanted& b) { return a.bytes < b.bytes; });
    return all;
}

ShardCopy::Plan ShardCopy::make_plan(const Shards& shards) {
    const std::lock_guard lock(mutex_);
    look();
    std::vector<ShardHash> fresh;
    for (const auto& [hash, shard] : shards) {
        if (!places_.contains(hash)) fresh.push_back(hash);
    }
    const auto packs = wanted(shards);
    std::uint64_t room = settings_.most_bytes;
    for (const Wanted& one : packs) room -= std::min(room, one.bytes);
    cut(fresh, shards, room);
    const auto with = [&](bool everything) {
        Plan plan{.written = fresh, .removed = unusable_};
        std::uint64_t kept = 0;
        std::uint64_t written = 0;
        for (const ShardHash& hash : fresh) written += stored_bytes(shards, hash);
        for (const Wanted& one : packs) {
            const std::uint64_t file = one.pack->second.file->file_bytes();
            if (!everything && one.bytes > written && one.bytes > file / 2) {
                kept += file;
                continue;
            }
            written += one.bytes;
            plan.written.insert(plan.written.begin(), one.hashes.begin(), one.hashes.end());
            plan.removed.push_back(one.pack->first);
        }
        const bool fits = kept + written + ShardPack::kHeadBytes <= settings_.most_bytes;
        if (everything) cut(plan.written, shards, settings_.most_bytes);
        return std::pair(std::move(plan), fits);
    };
    auto [plan, fits] = with(false);
    // What is no longer wanted takes the room.
    return fits ? std::move(plan) : with(true).first;
}

void ShardCopy::save(const Shards& shards) {
    if (const auto error = util::make_private_folder(settings_.folder)) return cannot_save(error.message());
    const fs::path lock_path = settings_.folder / "lock";
    const util::Descriptor lock(::open(lock_path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
    if (!lock || ::flock(lock.get(), LOCK_EX | LOCK_NB) != 0) {
        if (errno != EWOULDBLOCK) cannot_save(std::error_code(errno, std::generic_category()).message());
        return;
    }
    Plan plan = make_plan(shards);
    std::erase_if(plan.written, [&](const ShardHash& hash) {
        const Shard& shard = shards.at(hash);
        return shard.place == Shard::Place::memory && ShardHash::of(shard.bytes) != hash;
    });
    if (!plan.written.empty()) {
        std::vector<ShardPack::Named> written;
        for (const ShardHash& hash : plan.written) written.push_back({hash, shards.at(hash).bytes});
        std::error_code error;
        const auto space = fs::space(settings_.folder, error);
        if (!error && ShardPack::file_bytes(written) > space.available / kShareOfFree)
            return cannot_save("it would take more than half of what is free on the disk");
        const auto done = ShardPack::write(settings_.folder / (Uuid::random().to_string() + kExtension), written);
        if (!done) return cannot_save(done.error().message);
    }
    for (const fs::path& path : plan.removed) remove_file(path);
}

void ShardCopy::cannot_save(const std::string& cause) {
    warn(fmt::format("cannot keep a copy of the fingerprint index in {}: {}", settings_.folder.string(), cause));
}

void ShardCopy::warn(const std::string& message) {
    if (!warned_.exchange(true) && settings_.warn) settings_.warn(message);
}

}  // namespace audio_ident::index
