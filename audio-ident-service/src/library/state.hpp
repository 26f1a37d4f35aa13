#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/commit/store_check.hpp"
#include "search/calibration.hpp"

// What a library says of itself.

namespace audio_ident::library {

/// How many tracks there are, and how far each lane is with them.
struct Counts {
    std::int64_t tracks = 0;      ///< ready
    std::int64_t unfinished = 0;  ///< pending
    std::int64_t fingerprinted = 0;
    std::optional<std::string> embedding_model;  ///< absent: there is no vibe lane
    std::optional<std::int64_t> embedded;
};

/// Which stores answer.
struct Readiness {
    bool catalog = false;
    bool fingerprint_index = false;
    std::optional<bool> vector_index;  ///< absent: there is no vibe lane
};

struct SchemaState {
    std::optional<std::string> current;  ///< the newest migration that the catalog has; absent: none
    std::string head;                    ///< the newest that this program knows
};

struct IndexState {
    std::uint64_t tracks = 0;
    std::uint64_t bytes = 0;  ///< on disk
};

/// Where the stores disagree with each other and with the disk.
struct Comparison {
    ingest::StoreDifferences differences;
    std::int64_t missing_files = 0;  ///< of tracks that are whole in both stores
};

/// What degraded clips of the library's own tracks gave, and what was made of it.
struct CalibrationReport {
    struct Cell {
        int clips = 0;         ///< of each kind: with its track in the library, and with it hidden
        int found = 0;         ///< rightly
        int false_alarms = 0;  ///< wrong answers, and answers for hidden tracks
    };
    std::map<std::string_view, Cell> cells;  ///< by how the clips were degraded; "all" sums them up
    search::Calibration calibration;
    double error_before = 0;  ///< calibration error as shipped
    double error_after = 0;
};

}  // namespace audio_ident::library
