#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

// A copy of a library to other stores.

namespace audio_ident::library {

/// `state` is what a library has besides: calibration, scale of similarity, model in service, notes on duplicates,
/// waveforms, jobs.
enum class CopyPart { catalog, fingerprints, vectors, state };
inline constexpr CopyPart kEveryCopyPart[] = {CopyPart::catalog, CopyPart::fingerprints, CopyPart::vectors,
                                              CopyPart::state};

constexpr std::string_view name_of(CopyPart part) {
    constexpr std::string_view kNames[] = {"catalog", "fingerprints", "vectors", "state"};
    return kNames[static_cast<std::size_t>(part)];
}

/// A library is named by what holds its catalog: "embedded" (everything in the data folder), "postgresql://…" (catalog
/// and fingerprints there; vectors in the Qdrant of the settings, or in the data folder when they name none), or
/// "sqlite://PATH" (a catalog alone). Empty: the library of the settings.
struct CopyRequest {
    std::string from;
    std::string to;
    /// Where the vectors are instead: "embedded", or the URL of a Qdrant. Empty: as above.
    std::string from_vectors;
    std::string to_vectors;
    /// Empty: all that both sides have.
    std::set<CopyPart> parts;
};

/// What was copied; absent: not that part.
struct CopyReport {
    struct Fingerprints {
        std::uint64_t tracks = 0;
        std::uint64_t bytes = 0;
    };
    struct Vectors {
        std::string space;  ///< "musicnn@1"
        std::uint64_t tracks = 0;
    };
    std::optional<std::int64_t> tracks;  ///< of the catalog
    std::optional<Fingerprints> fingerprints;
    std::optional<std::vector<Vectors>> vectors;
    std::optional<std::size_t> documents;  ///< of the state
};

/// Receives the progress of a copy, on the thread that requested it.
class CopyObserver {
  public:
    virtual ~CopyObserver() = default;
    /// Of fingerprints bytes are counted, and nobody knows yet how many there are; of vectors tracks,
    /// of the state documents.
    virtual void on_progress(CopyPart part, std::uint64_t done, std::optional<std::uint64_t> of) = 0;
    /// A sentence about a part that is not copied.
    virtual void on_notice(std::string_view sentence) = 0;
};

}  // namespace audio_ident::library
