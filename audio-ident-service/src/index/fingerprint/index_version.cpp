#include "index/fingerprint/index_version.hpp"

#include "fingerprint/params.hpp"
#include "index/store/corrupt.hpp"

namespace audio_ident::index {

Result<void> check_version(const MetaRecord& meta, const std::string& location) {
    using fingerprint::Params;
    if (meta.format_version == kUnfinishedCopy) {
        return fail(ErrorKind::unsupported,
                    "fingerprint index {}: a copy into it was not finished; run `audio-ident db copy` again, or "
                    "`audio-ident db reset` to empty the library",
                    location);
    }
    const bool format_known = meta.format_version >= kOldestFormatVersion && meta.format_version <= kFormatVersion;
    const bool params_known = meta.params_version >= kOldestParamsVersion && meta.params_version <= Params::kVersion;
    if (format_known && params_known) return {};
    const bool newer = meta.format_version > kFormatVersion || (format_known && meta.params_version > Params::kVersion);
    return fail(
        ErrorKind::unsupported,
        "fingerprint index {}: format {} with fingerprints of version {}, this program reads format {} with version "
        "{}; {}",
        location, meta.format_version, meta.params_version, kFormatVersion, Params::kVersion,
        newer ? "use a newer audio-ident, or run `audio-ident rebuild-index` to build it again from the audio files"
              : "run `audio-ident rebuild-index` to build it again from the audio files");
}

Result<MetaRecord> read_checked_meta(const MapView& maps, const std::string& location) {
    const auto meta = read_meta(maps);
    if (!meta) throw Corrupt("the state record is missing");
    if (auto right = check_version(*meta, location); !right) return forward(right);
    return *meta;
}

Unexpected no_fingerprint_index(const std::string& location) {
    return fail(ErrorKind::not_available,
                "no fingerprint index at {}; ingest some music first: `audio-ident ingest FOLDER`", location);
}

}  // namespace audio_ident::index
