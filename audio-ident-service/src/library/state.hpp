#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/commit/store_check.hpp"
#include "search/calibration.hpp"

// The state of a library: counts, versions, sizes and findings.

namespace audio_ident::library {

/// How many tracks there are, and how many of them each lane has.
struct Counts {
    std::int64_t tracks = 0;      ///< ready
    std::int64_t unfinished = 0;  ///< pending
    std::int64_t fingerprinted = 0;
    std::optional<std::string> embedding_model;  ///< absent: there is no vibe lane
    std::optional<std::int64_t> embedded;
};

/// Which stores respond.
struct Readiness {
    bool catalog = false;
    bool fingerprint_index = false;
    std::optional<bool> vector_index;  ///< absent: there is no vibe lane
    std::optional<bool> audio;         ///< absent: uploads are in a folder
};

struct SchemaState {
    std::optional<std::string> current;  ///< the newest migration that the catalog has; absent: none
    std::string head;                    ///< the newest migration that this program knows
};

struct IndexState {
    std::uint64_t tracks = 0;
    std::uint64_t outdated = 0;  ///< of them, with fingerprints of an earlier version
    std::uint64_t bytes = 0;     ///< on disk
};

/// Differences between the stores, and between the catalog and the disk.
struct Comparison {
    ingest::StoreDifferences differences;
    std::int64_t missing_files = 0;  ///< files of tracks that are complete in both stores
};

/// The outcomes of searching degraded clips of the library's own tracks, and the calibration fitted to them.
struct CalibrationReport {
    struct Cell {
        int clips = 0;         ///< each searched twice: with its track in the library, and with it hidden
        int found = 0;         ///< right answers
        int false_alarms = 0;  ///< wrong answers, and answers for hidden tracks
    };
    std::map<std::string_view, Cell> cells;  ///< by kind of degradation; "all" is the sum
    search::Calibration calibration;
    double error_before = 0;  ///< calibration error of the shipped confidence
    double error_after = 0;
};

}  // namespace audio_ident::library
