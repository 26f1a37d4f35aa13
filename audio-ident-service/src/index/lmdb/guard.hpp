#pragma once

#include <exception>
#include <filesystem>
#include <new>
#include <string_view>

#include "core/result.hpp"
#include "index/store/corrupt.hpp"
#include "lib/lmdb/environment.hpp"

namespace audio_ident::index {

/// How messages name an index in LMDB.
struct LmdbName {
    std::string_view what;    ///< "fingerprint index"
    std::string_view repair;  ///< the command that repairs it: "audio-ident rebuild-index"
};

/// Runs the body of a port's method. Turns what it throws into an Error that names the index: LMDB's exceptions by
/// their kind, Corrupt as corrupt, anything else as internal, because it says nothing about the data.
template <typename Body>
auto guarded(const LmdbName& name, const std::filesystem::path& folder, Body&& body) -> decltype(body()) {
    const auto damaged = [&](const char* cause) {
        return fail(ErrorKind::corrupt, "{} {}: {}; run `{}`", name.what, folder.string(), cause, name.repair);
    };
    try {
        return body();
    } catch (const lmdb::LmdbError& error) {
        if (error.kind() == ErrorKind::corrupt) return damaged(error.what());
        return fail(
            error.kind(), "{} {}: {}{}", name.what, folder.string(), error.what(),
            error.kind() == ErrorKind::not_available ? "; check the disk's free space and the permissions" : "");
    } catch (const Corrupt& error) {
        return damaged(error.what());
    } catch (const std::bad_alloc&) {
        return fail(ErrorKind::internal, "{} {}: out of memory", name.what, folder.string());
    } catch (const std::exception& error) {
        return fail(ErrorKind::internal, "{} {}: {}", name.what, folder.string(), error.what());
    }
}

}  // namespace audio_ident::index
