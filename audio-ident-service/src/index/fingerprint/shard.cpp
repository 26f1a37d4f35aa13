#include "index/fingerprint/shard.hpp"

#include <algorithm>

#include "index/store/corrupt.hpp"
#include "lib/openssl/sha256.hpp"

namespace audio_ident::index {

ShardHash ShardHash::of(Bytes shard) {
    openssl::Sha256 sha256;
    sha256.update(shard);
    const auto digest = sha256.digest();
    return read(Bytes(digest).first(sizeof(ShardHash)));
}

ShardHash ShardHash::read(Bytes bytes) {
    ShardHash hash;
    if (bytes.size() != hash.bytes.size()) throw Corrupt("the hash of a shard has a wrong size");
    std::copy(bytes.begin(), bytes.end(), hash.bytes.begin());
    return hash;
}

}  // namespace audio_ident::index
