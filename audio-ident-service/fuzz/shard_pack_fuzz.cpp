// Files of the local copy of an index: any bytes, and files that were written well, of which one byte was changed.
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <unistd.h>

#include "index/fingerprint/shard_pack.hpp"

namespace {

using audio_ident::index::ShardHash;
using audio_ident::index::ShardPack;

/// A folder for this process, removed when it ends.
struct Folder {
    std::filesystem::path path =
        std::filesystem::temp_directory_path() / ("fuzz-shard-pack-" + std::to_string(::getpid()));
    Folder() { std::filesystem::create_directories(path); }
    ~Folder() {
        std::error_code ignored;
        std::filesystem::remove_all(path, ignored);
    }
};

/// Whether every shard has the bytes that were written.
bool is_whole(const ShardPack& pack) {
    for (std::size_t i = 0; i < pack.entries().size(); ++i) {
        if (!pack.is_whole(i)) return false;
    }
    return true;
}

}  // namespace

/// The first two bytes say which byte is changed, each of the next four how long a shard is.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const Folder folder;
    const auto path = folder.path / "pack";
    const auto foreign = folder.path / "foreign";
    std::ofstream(foreign, std::ios::binary).write(reinterpret_cast<const char*>(data), std::streamsize(size));
    if (const auto pack = ShardPack::open(foreign)) static_cast<void>(is_whole(*pack));

    if (size < 6) return 0;
    const std::size_t changed = data[0] | std::size_t{data[1]} << 8;
    auto rest = std::as_bytes(std::span(data, size)).subspan(6);
    std::vector<ShardPack::Named> shards;
    for (std::size_t i = 2; i < 6; ++i) {
        const auto bytes = rest.first(std::min<std::size_t>(data[i], rest.size()));
        ShardHash hash;
        hash.bytes.front() = std::byte(i);
        shards.push_back({hash, bytes});
        rest = rest.subspan(bytes.size());
    }
    if (!ShardPack::write(path, shards)) return 0;
    {
        const auto pack = ShardPack::open(path);
        if (!pack || !is_whole(*pack) || pack->entries().size() != shards.size()) std::abort();
        for (std::size_t i = 0; i < shards.size(); ++i) {
            if (pack->entries()[i].hash != shards[i].hash) std::abort();
            if (!std::ranges::equal(pack->bytes(i), shards[i].bytes)) std::abort();
        }
    }
    {
        std::fstream file(path, std::ios::binary | std::ios::in | std::ios::out);
        const auto at = std::streamoff(changed % ShardPack::file_bytes(shards));
        file.seekg(at);
        const int byte = file.get();
        file.seekp(at);
        file.put(char(byte ^ 0x10));
    }
    const auto pack = ShardPack::open(path);
    if (pack && is_whole(*pack)) std::abort();
    return 0;
}
