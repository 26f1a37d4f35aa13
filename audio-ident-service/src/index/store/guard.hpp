#pragma once

#include <exception>
#include <new>
#include <string_view>

#include "core/error.hpp"
#include "core/result.hpp"
#include "index/store/corrupt.hpp"

namespace audio_ident::index {

/// How messages name an index.
struct IndexName {
    std::string_view what;    ///< "fingerprint index"
    std::string_view repair;  ///< the command that repairs it: "audio-ident rebuild-index"
};

/// The index at `location` is damaged.
inline Unexpected damaged(const IndexName& name, std::string_view location, std::string_view cause) {
    return fail(ErrorKind::corrupt, "{} {}: {}; run `{}`", name.what, location, cause, name.repair);
}

/// Runs the body of a port's method. Turns what it throws into an Error that names the index: Corrupt as corrupt,
/// anything else as internal, because it says nothing about the data. A store handles its own exceptions before that.
template <typename Body>
auto guarded_of_store(const IndexName& name, std::string_view location, Body&& body) -> decltype(body()) {
    try {
        return body();
    } catch (const Corrupt& error) {
        return damaged(name, location, error.what());
    } catch (const std::bad_alloc&) {
        return fail(ErrorKind::internal, "{} {}: out of memory", name.what, location);
    } catch (const std::exception& error) {
        return fail(ErrorKind::internal, "{} {}: {}", name.what, location, error.what());
    }
}

}  // namespace audio_ident::index
