#pragma once

#include <filesystem>

#include "core/result.hpp"
#include "index/store/guard.hpp"
#include "lib/lmdb/environment.hpp"

namespace audio_ident::index {

/// As guarded_of_store(), and LMDB's exceptions by their kind.
template <typename Body>
auto guarded(const IndexName& name, const std::filesystem::path& folder, Body&& body) -> decltype(body()) {
    return guarded_of_store(name, folder.string(), [&]() -> decltype(body()) {
        try {
            return body();
        } catch (const lmdb::LmdbError& error) {
            if (error.kind() == ErrorKind::corrupt) return damaged(name, folder.string(), error.what());
            return fail(
                error.kind(), "{} {}: {}{}", name.what, folder.string(), error.what(),
                error.kind() == ErrorKind::not_available ? "; check the disk's free space and the permissions" : "");
        }
    });
}

}  // namespace audio_ident::index
